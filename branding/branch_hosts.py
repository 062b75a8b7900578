"""The hosts that lead to branches: rows of the public schema, read beside those of the organization's own."""

from branding.models import Branch
from tenants import branch_names, context, domains
from tenants.models import Domain


def branches_with_hosts() -> list[tuple[Branch, list[Domain]]]:
    """Every branch with the hosts that lead to it."""
    every = domains.hosts_of(context.current_organization().pk)
    return [(branch, [each for each in every if each.branch_id == branch.pk]) for branch in Branch.objects.all()]


def hosts_of(branch: Branch) -> list[Domain]:
    """The hosts that lead to this branch."""
    every = domains.hosts_of(context.current_organization().pk)
    return [domain for domain in every if domain.branch_id == branch.pk]


def register_names() -> None:
    """Let what is noted of hosts call branches by their names. At start-up."""
    branch_names.register(lambda: dict(Branch.objects.values_list("pk", "label")))
