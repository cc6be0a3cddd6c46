"""What tests look at of a stack: its template, and cdk-nag's report."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

type Synthesize = Callable[..., Synthesized]  # of context, by name


@dataclass(frozen=True)
class Synthesized:
    """A template and what cdk-nag said about it."""

    template: dict[str, Any]
    report: dict[str, Any]

    def of_type(self, kind: str) -> dict[str, dict[str, Any]]:
        """The properties of every resource of this type, by logical id."""
        return {
            name: resource.get("Properties", {})
            for name, resource in self.template["Resources"].items()
            if resource["Type"] == kind
        }

    def only(self, kind: str) -> dict[str, Any]:
        """The properties of the one resource of this type."""
        (properties,) = self.of_type(kind).values()
        return properties

    def named(self, kind: str, begins: str) -> dict[str, Any]:
        """The properties of the one resource of this type whose logical id begins so."""
        (properties,) = [found for name, found in self.of_type(kind).items() if name.startswith(begins)]
        return properties

    def function(self, name: str) -> dict[str, Any]:
        """The properties of the function of this name."""
        (found,) = [f for f in self.of_type("AWS::Lambda::Function").values() if f["FunctionName"].endswith(f"-{name}")]
        return found

    def statements(self, function: str) -> list[dict[str, Any]]:
        """What one function's role allows."""
        role = self.function(function)["Role"]["Fn::GetAtt"][0]
        return [
            statement
            for policy in self.of_type("AWS::IAM::Policy").values()
            if policy["Roles"] == [{"Ref": role}]
            for statement in policy["PolicyDocument"]["Statement"]
        ]
