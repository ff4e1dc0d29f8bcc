"""The web site for people: exception reviewers, their seniors and supervisors, auditors. One file per page."""
