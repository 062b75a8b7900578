"""No form can forget it: each one that edits carries what it was made from, each POST is carried out once."""

import inspect

import pytest
from django.conf import settings
from django.http import QueryDict
from django.urls import get_resolver, resolve

from core.kernel.models import SentForm
from portal import once, versions
from portal.edits import EditMixin
from portal.forms import FormView
from tests.factories.pages import fields_of
from tests.isolation.addresses import addresses
from tests.isolation.samples import value_for
from tests.isolation.things import things

# Nothing comes into being by these, or what does belongs to a link or a code that is good once by itself.
REPEATABLE = {
    # Signing in and confirming it, by a secret; a password is set, and once set is the same.
    "portal.account.entrance": {
        "LoginView",
        "RequestCodeView",
        "ConfirmCodeView",
        "PasskeyView",
        "SecondFactorView",
        "PasswordResetView",
        "NewPasswordView",
        "ConfirmByPasswordView",
        "ConfirmByCodeView",
        "ConfirmByPasskeyView",
        "ChangePasswordView",
        "SetPasswordView",
    },
    # A passkey of another address: led to where it is asked for, and back to the second step.
    "portal.account.passkey_views": {"UseView", "CarriedView"},
    "portal.account.views": {"InvitationView", "AskAgainView", "SessionsView", "DeviceView"},
    "portal.booking.pages": {"SubjectView"},  # a hold: one per visitor, whatever is sent again
    "portal.billing.views.account": {"AccountConnectionView"},  # the processor gives one account for one key
    "portal.resources.tables": {"TableView", "DiceTableView"},  # a move says what it has seen, so that it counts once
    "portal.billing.views.checkout": {"PaymentCardView"},  # sets a choice
    "portal.billing.views.payouts": {"PayoutRunBankFileView"},  # the same file each time
    "portal.files.uploads": {"UploadsView"},  # an upload that nobody takes; parts say where they begin
    "portal.live.views": {"AdmissionView", "AdmissionsView"},  # states of one row
    "portal.live.join": {"JoinView", "ForgetView"},  # one guest for each browser, whatever is sent again
    "portal.notifications.views": {"NoticeListView"},  # marks as read
    "portal.operator.views.sign_in": {"SignInView", "CodeView", "RecoveryView", "EnrolmentView", "SignOutView"},
    "portal.idle": {"AliveView", "IdleView"},  # says that somebody is here; signs out
    "portal.settings.words": {"WordsPreviewView"},  # shows sentences
    "portal.help.editor": {"PreviewView"},  # shows an article
    "portal.help.feedback": {"FeedbackView"},  # a key of its own, of readers who may not be signed in: one answer each
    "portal.help.views": {"MissView"},  # counts
    "portal.settings.studio_previews": {"ReadabilityView", "OwnCssView"},  # show figures, and rules
    "portal.settings.branches": {"BranchReadabilityView"},  # shows figures
    "portal.settings.message_preview": {"MessagePreviewView"},  # shows a mail
}


def form_views(base=FormView):
    for view in base.__subclasses__():
        yield view
        yield from form_views(view)


def is_shown(view):
    return hasattr(view, "template_name") and view.__module__.startswith("portal.")


def views_of(resolver, namespace=""):
    """(name, view) of every address that has a view of ours."""
    for found in resolver.url_patterns:
        if hasattr(found, "url_patterns"):
            yield from views_of(found, f"{namespace}{found.namespace}:" if found.namespace else namespace)
        elif (view := getattr(found.callback, "view_class", None)) and view.__module__.startswith("portal."):
            yield f"{namespace}{found.name}", view


def is_once(view):
    """Whether its POST, or the one that it goes on to, is surrounded by `once()`."""
    for post in (each.__dict__["post"] for each in view.__mro__ if "post" in each.__dict__):
        source = inspect.getsource(post)
        if "self.once(" in source:
            return True
        if "super().post(" not in source:
            return False
    return False


@pytest.mark.parametrize("urlconf", [settings.ROOT_URLCONF, settings.OPERATOR_URLCONF])
def test_every_post_of_ours_is_carried_out_once(urlconf):
    ours = {view for _, view in views_of(get_resolver(urlconf)) if hasattr(view, "post")}
    forgetful = {
        view.__qualname__
        for view in ours
        if view.__name__ not in REPEATABLE.get(view.__module__, ()) and not is_once(view)
    }
    assert ours
    assert forgetful == set()


def test_every_form_says_whether_it_edits_and_what():
    shown = [view for view in form_views() if is_shown(view)]
    assert len(shown) > 30
    silent = {view.__name__ for view in shown if view.edits is None}
    blind = {
        view.__name__
        for view in shown
        if view.edits
        and view.get_edited is EditMixin.get_edited
        and view.get_version_values is EditMixin.get_version_values
    }
    assert (silent, blind) == (set(), set())


NEW = {
    "billing:package-offer-new",
    "billing:service-new",
    "scheduling_settings:new_type",
    "articles:category_new",
}  # new things, in the views that also change them
EDITED = [
    name
    for name, view in views_of(get_resolver(settings.ROOT_URLCONF))
    if issubclass(view, FormView) and view.edits and name not in NEW
]
# What those do who have asked for something: by the login whose things the samples are.
OF_ASKERS = {
    "booking_requests:answer",
    "booking_requests:keeping",
    "booking_requests:withdrawal",
    "waiting_list:acceptance",
    "waiting_list:refusal",
    "questionnaires:answers",
}


@pytest.fixture
def cast(cast_with_things):
    return cast_with_things


@pytest.mark.parametrize("name", EDITED)
def test_form_sent_back_as_it_was_shown_is_what_it_was_made_from(cast, visit, name):
    """Otherwise a field that nobody touched would count as changed."""
    [address] = [each for each in addresses(settings.ROOT_URLCONF) if each.name == name]
    path = address.path(lambda view, parameter, _kind: value_for(cast, view, parameter))
    page = visit(things(cast).login if name in OF_ASKERS else cast.nora).get(path)
    assert page.status_code == 200
    fields = fields_of(page)
    assert fields[once.FIELD]
    assert fields[versions.FIELD]

    match = resolve(path)
    view = match.func.view_class()
    view.setup(page.wsgi_request, **match.kwargs)
    view.load(**match.kwargs)
    sent = QueryDict(mutable=True)
    for key, values in fields.items():
        sent.setlist(key, values)
    form = view.get_form(sent, {})
    made_from = {key: value for key, value in view.get_version_values(form).items() if key in form.fields}
    form.is_valid()
    touched = {
        key for key, value in made_from.items() if not form.errors.get(key) and not same(form.cleaned_data[key], value)
    }
    assert touched == set()
    assert SentForm.objects.count() == 0


def same(first, second):
    return versions.marks_of({"it": first}) == versions.marks_of({"it": second})
