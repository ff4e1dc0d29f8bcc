"""First names that are written short or otherwise: charts say Bob where the registry says Robert.

Common knowledge of American usage; a pair here makes two names nearly the same, never more.
"""

from worker.matching.confusions import fold_name

_GROUPS = """
    abigail abby; albert al bert; alexander alex sandy; alexandra alex sandra; alfred al fred; amanda mandy;
    andrew andy drew; angela angie; anthony tony; antoinette toni; arthur art; barbara barb babs; benjamin ben benny;
    bernard bernie; beverly bev; bradley brad; brenda bren; calvin cal; carolyn carol carrie; catherine cathy kate
    katie kathy katherine kathryn kay; charles charlie chuck; christine chris christina tina; christopher chris topher;
    clifford cliff; constance connie; cynthia cindy; daniel dan danny; david dave davey; deborah debra deb debbie;
    dennis denny; dolores lola; donald don donny; dorothy dot dottie dolly; douglas doug; edward ed eddie ted ned;
    eleanor ellie nora; elizabeth liz beth betty betsy eliza libby lisa; emily em; eugene gene; evelyn evie;
    florence flo; frances fran francie; francis frank; franklin frank; frederick fred freddy; gabriel gabe;
    gerald gerry jerry; geraldine gerry; gertrude trudy; gloria glo; gregory greg; harold hal harry; helen nell;
    henry hank harry; irene rene; isabella bella; jacob jake; jacqueline jackie; james jim jimmy jamie; janet jan;
    janice jan; jeffrey jeff; jennifer jen jenny; jeremy jerry; jessica jess jessie; joan joanie; joann jo;
    john jack johnny jon; jonathan jon; joseph joe joey; josephine jo josie; joshua josh; judith judy; julia julie;
    kenneth ken kenny; kimberly kim; lawrence larry; leonard len lenny leo; lillian lil lily; louis lou; louise lou;
    lucille lucy; margaret maggie meg peggy marge margie rita; martha marty; martin marty; mary molly polly;
    matthew matt; maureen mo; maxwell max; melissa missy mel; michael mike mickey; mildred millie; mitchell mitch;
    nancy nan; natalie nat; nathan nate; nathaniel nate nathan; nicholas nick; nicole nikki; norman norm;
    pamela pam; patricia pat patty trish; patrick pat paddy; peter pete; philip phil; phyllis phyl; rachel rae;
    raymond ray; rebecca becky becca; reginald reggie; richard dick rick ricky rich; robert bob bobby rob robbie bert;
    roberta bobbie; roger rog; ronald ron ronnie; rosemary rose rosie; russell russ; ruth ruthie; samantha sam;
    samuel sam sammy; sandra sandy; sharon shari; shirley shirl; stanley stan; stephanie steph; stephen steve steven;
    susan sue suzie suzanne; sylvia syl; teresa terry theresa tess; theodore ted teddy; thomas tom tommy;
    timothy tim; valerie val; veronica ronnie; victor vic; victoria vicky tori; vincent vince vinny; virginia ginny;
    walter walt; wesley wes; wilbur will; william bill billy will willie liam; zachary zach
"""


def _index() -> dict[str, frozenset[int]]:
    groups: dict[str, set[int]] = {}
    for k, group in enumerate(_GROUPS.split(";")):
        for name in group.split():
            groups.setdefault(fold_name(name), set()).add(k)
    return {name: frozenset(numbers) for name, numbers in groups.items()}


_GROUPS_OF = _index()


def is_same_first_name(given: str, first: str) -> bool:
    """The two folded first names are the same, or one is commonly said for the other."""
    return given == first or bool(_GROUPS_OF.get(given, frozenset()) & _GROUPS_OF.get(first, frozenset()))
