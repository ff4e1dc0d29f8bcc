"""Pictures of which only the top could be decoded."""

from PIL import Image


def white_below_damage(image: Image.Image) -> Image.Image | None:
    """The same image with the rows that were never decoded in white; None when there are no others.

    Decoders leave such rows black. A page that ends in true black rows loses these: it is damaged anyway.
    """
    drawn = image.getbbox()
    if drawn is None:
        return None
    if image.mode in {"1", "L", "RGB"}:
        image.paste("white", (0, drawn[3], image.width, image.height))
    return image
