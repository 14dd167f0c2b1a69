"""The Pulumi program: `pulumi up` on the stack SYSTEM.ENVIRONMENT."""

from stacks.burden import unburden
from stacks.program import provision

unburden()
provision()
