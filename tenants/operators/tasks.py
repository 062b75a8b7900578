"""Periodic work of the console."""

from datetime import timedelta

from celery import shared_task

from core.kernel import clock, sent_forms
from tenants import context
from tenants.operators.actions import usage
from tenants.operators.actions.sessions import LONGEST
from tenants.operators.models import KeptForm, OperatorSession, SentForm, SignInFailure
from tenants.tasks import OrganizationTask, for_each_organization


@shared_task(base=OrganizationTask, public=True)
def start_measuring() -> int:
    """Measure every organization's usage, as tasks of their own; forget old sessions, failures and forms of operators."""
    now = clock.now()
    OperatorSession.objects.filter(created_at__lt=now - LONGEST).delete()
    KeptForm.objects.filter(at__lt=now - timedelta(days=1)).delete()
    SignInFailure.objects.filter(at__lt=now - timedelta(days=1)).delete()
    sent_forms.forget_old(now=now, model=SentForm)
    return for_each_organization(measure_usage)


@shared_task(base=OrganizationTask)
def measure_usage() -> int:
    """Measure the organization in force; returns its people."""
    return usage.measure(context.current_organization(), now=clock.now()).people
