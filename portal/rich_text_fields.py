"""A field for rich text, wherever somebody writes some."""

from django import forms


class RichTextInput(forms.Textarea):
    """A text with headings, lists and links: an editor where there are scripts, else a field that takes plain paragraphs."""

    template_name = "pages/rich_text_input.html"
