"""Recordings of sessions: asked for, agreed to, made, kept, played, deleted.

Nothing is written of anybody who has not agreed: the media server writes only those who have the right `record`, and that right is given
by a person's own answer, looked up on the server whenever their page joins the call (`queries.may_be_recorded`).
"""
