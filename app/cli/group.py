"""Groups of commands: they tell the nearest name, and may import a command only when it is called."""

from collections.abc import Mapping
from importlib import import_module
from typing import Any, NamedTuple

import click
from click.shell_completion import CompletionItem

from app.nearest import nearest_hint


class Place(NamedTuple):
    """Where a command is (`module:name`), and the first sentence of its help."""

    target: str
    summary: str


class NearestGroup(click.Group):
    """Of a command that is not there, the nearest is told."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that is called."""
        name, known = args[0], self.list_commands(ctx)
        if name not in known and not name.startswith("-"):
            hint = nearest_hint(name, known) or f"; there are: {', '.join(known)}"
            ctx.fail(f"expected a command; received {name!r}{hint}")
        return super().resolve_command(ctx, args)


class CommandGroup(NearestGroup):
    """Commands by name, each at its `places`, shown in their order: `horngate --help` imports none of them."""

    def __init__(self, *arguments: Any, places: Mapping[str, Place], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._places = places

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every name."""
        del ctx
        return list(self._places)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, imported now."""
        del ctx
        if cmd_name not in self._places:
            return None
        module, _, name = self._places[cmd_name].target.partition(":")
        command: click.Command = getattr(import_module(module), name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The commands' names and summaries."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(name, place.summary) for name, place in self._places.items()])

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """The commands and options that begin so."""
        names = [name for name in self._places if name.startswith(incomplete)]
        commands = [CompletionItem(name, help=self._places[name].summary) for name in names]
        return [*commands, *click.Command.shell_complete(self, ctx, incomplete)]
