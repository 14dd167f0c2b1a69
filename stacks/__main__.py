"""The Pulumi program: `pulumi up` on the stack SYSTEM.ENVIRONMENT."""

from stacks.program import provision

provision()
