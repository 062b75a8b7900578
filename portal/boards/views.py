"""Pages of boards. Every one fetches through a door of `sessions_live.boards.permissions`; what is drawn goes over the board's socket."""

from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.core.files.storage import default_storage
from django.core.paginator import Paginator
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy

from core.kernel import clock
from core.kernel.errors import DomainError, NotFound
from core.kernel.translation import translate
from portal import time_zones
from portal.access import SignedInView
from portal.boards import presenters
from portal.boards.fonts import fonts_for
from portal.forms import ActionView, FormView
from sessions_live.boards.actions.boards import LONGEST_TITLE, change_board, create_board, delete_board, ensure_board
from sessions_live.boards.actions.pictures import add_picture
from sessions_live.boards.actions.saving import FORMATS, delete_saved_board, read_content, record_reading, save_board
from sessions_live.boards.models import Board, SavedBoard
from sessions_live.boards.permissions import (
    DRAW,
    MANAGE,
    can_keep_boards_of,
    get_board,
    get_board_picture,
    get_client_with_boards,
    get_saved_board,
)
from sessions_live.boards.queries import boards_of_client, saved_boards_of_client
from sessions_live.permissions import get_room_appointment
from themes.formats import moment

PER_PAGE = 25
MOST_SAVED = 100
PICTURE_SECONDS = 7 * 24 * 3600  # a picture never changes


class ClientBoardsView(SignedInView):
    """All boards of one client that this person may see."""

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        client = get_client_with_boards(self.user, pk)
        page = Paginator(boards_of_client(self.user, client), PER_PAGE).get_page(request.GET.get("page"))
        saved = saved_boards_of_client(self.user, client)[:MOST_SAVED]
        context = {"client": client, "page": page, "saved": saved, "manages": can_keep_boards_of(self.user, client)}
        return render(request, "boards/client.html", context)


class BoardView(SignedInView):
    """The board on a page of its own."""

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        board = get_board(self.user, pk)
        return render(request, "boards/board.html", presenters.board_page(board, self.user))


class SessionBoardView(SignedInView):
    """The board of a session: for its room, and for who opens it beside."""

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        appointment, _ = get_room_appointment(self.user, pk)
        board = ensure_board(appointment, by=self.user, now=clock.now())
        board = get_board(self.user, board.pk)
        if not request.htmx:  # type: ignore[attr-defined]
            return redirect("boards:board", board.pk)
        return render(request, "boards/_board.html", presenters.board_part(board, self.user))


class BoardForm(forms.Form):
    """What people call it, and what the client may do."""

    title = forms.CharField(label=gettext_lazy("Name"), max_length=LONGEST_TITLE)
    client_access = forms.ChoiceField(
        label=gettext_lazy("What the %(client)s may do"), choices=Board.ClientAccess.choices, widget=forms.RadioSelect
    )


class NewBoardView(FormView):
    """Another board for a client."""

    form_class = BoardForm
    template_name = "boards/form.html"
    edits = False

    def load(self, pk: UUID) -> None:
        self.client = get_client_with_boards(self.user, pk, manage=True)

    def get_initial(self) -> dict[str, Any]:
        return {"client_access": Board.ClientAccess.DRAW}

    def get_context_data(self, form: forms.BaseForm) -> dict[str, Any]:
        back = reverse("boards:client", args=[self.client.pk])
        return {**super().get_context_data(form), "client": self.client, "back": back}

    def perform(self, form: BoardForm) -> Board:
        return create_board(client=self.client, **form.cleaned_data, by=self.user, now=clock.now())

    def get_success_url(self) -> str:
        return reverse("boards:board", args=[self.result.pk])


class BoardSettingsView(FormView):
    """Its name, and what the client may do with it; takes effect on open pages at once."""

    form_class = BoardForm
    template_name = "boards/form.html"
    edits = True
    success_message = gettext_lazy("Saved. It holds at once, for those who have the board open as well.")

    def load(self, pk: UUID) -> None:
        self.board = get_board(self.user, pk, to=MANAGE)

    def get_edited(self) -> list[Any]:
        return [self.board]

    def get_initial(self) -> dict[str, Any]:
        return {"title": self.board.title, "client_access": self.board.client_access}

    def get_context_data(self, form: forms.BaseForm) -> dict[str, Any]:
        shown = super().get_context_data(form)
        return {**shown, "board": self.board, "client": self.board.client, "back": self.get_success_url()}

    def perform(self, form: BoardForm) -> None:
        change_board(self.board, **form.cleaned_data, by=self.user)

    def get_success_url(self) -> str:
        return reverse("boards:board", args=[self.board.pk])


class SavingView(ActionView):
    """Save the board as it is at this moment."""

    success_message = gettext_lazy("Saved as it is now. It stands with the boards, and stays when the board changes.")

    def load(self, pk: UUID) -> None:
        self.board = get_board(self.user, pk, to=MANAGE)

    def perform(self) -> SavedBoard:
        content, now = read_content(self.board), clock.now()
        when = moment(now.astimezone(ZoneInfo(time_zones.zone_of(self.request))))
        fonts = fonts_for([*content.texts, self.board.title])
        return save_board(self.board, content, when=when, fonts=fonts, by=self.user, now=now)

    def get_success_url(self) -> str:
        return presenters.back_url(self.board)


class SavedFileView(SignedInView):
    """What was saved, as PDF, PNG or SVG."""

    def get(self, request: HttpRequest, pk: UUID, form: str) -> HttpResponseBase:
        if form not in FORMATS:
            raise NotFound(f"a saved board as {form}")
        saved = get_saved_board(self.user, pk)
        record_reading(saved, by=self.user)
        headers = {"Cache-Control": "private, no-store", "Content-Security-Policy": "sandbox"}
        return FileResponse(
            _stored(getattr(saved, form)),
            as_attachment=True,
            filename=presenters.file_name(saved, form),
            headers=headers,
        )


class SavedDeletionView(ActionView):
    """Delete what was saved, after a question on the page before."""

    success_message = gettext_lazy("The saved board is deleted.")

    def load(self, pk: UUID) -> None:
        self.saved = get_saved_board(self.user, pk, manage=True)
        self.back = presenters.back_url(self.saved)

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        self.load(**kwargs)
        context = {"saved": self.saved, "client": self.saved.client, "back": self.back}
        return render(request, "boards/saved_deletion.html", context)

    def perform(self) -> None:
        delete_saved_board(self.saved, by=self.user)

    def get_success_url(self) -> str:
        return self.back


class DeletionView(ActionView):
    """Delete it for good, after a question on the page before."""

    success_message = gettext_lazy("The board is deleted.")

    def load(self, pk: UUID) -> None:
        self.board = get_board(self.user, pk, to=MANAGE)
        self.back = presenters.back_url(self.board)

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        self.load(**kwargs)
        return render(request, "boards/deletion.html", {"board": self.board, "client": self.board.client})

    def perform(self) -> None:
        delete_board(self.board, by=self.user)

    def get_success_url(self) -> str:
        return self.back


class PicturesView(ActionView):
    """Put a picture on the board: answers with the name under which the document mentions it."""

    body_limit = presenters.PICTURE_BYTES

    def load(self, pk: UUID) -> None:
        self.board = get_board(self.user, pk, to=DRAW)

    def perform(self) -> Any:
        upload = self.request.FILES.get("picture")
        if upload is None:
            raise DomainError("picture_missing", translate("Choose a picture."), field="picture")
        return add_picture(self.board, upload, by=self.user, now=clock.now())

    def done(self) -> HttpResponse:
        kept = self.result
        return JsonResponse({"id": str(kept.pk), "width": kept.width, "height": kept.height}, status=201)

    def get_success_url(self) -> str:
        return reverse("boards:board", args=[self.board.pk])


class PictureView(SignedInView):
    """A picture on a board, for those who see the board."""

    def get(self, request: HttpRequest, pk: UUID, picture: UUID) -> HttpResponseBase:
        kept = get_board_picture(self.user, pk, picture)
        headers = {"Cache-Control": f"private, max-age={PICTURE_SECONDS}, immutable", "Content-Disposition": "inline"}
        return FileResponse(_stored(kept.file), content_type="image/webp", headers=headers)


def _stored(name: str) -> Any:
    try:
        return default_storage.open(name, "rb")
    except FileNotFoundError as error:
        raise NotFound(f"the file {name} is lost") from error
