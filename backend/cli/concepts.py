"""``vitrine concepts``: concept sets for one's own classes."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from backend.cli.console import fail

concepts = typer.Typer(no_args_is_help=True, help="Make and check concept sets.")


@concepts.command()
def check(
    concept_set: Annotated[str, typer.Argument(help="A YAML file, or the name of a shipped set.")],
    encoder: Annotated[
        str | None,
        typer.Option(help="Also compare the options as this text encoder reads them, such as vitrine_small."),
    ] = None,
) -> None:
    """Read a concept set and say what is wrong with it (exit code 2), or what could be better (0)."""
    from models.concepts import ConceptSetError, load_concept_set
    from models.concepts.review import alike, review

    try:
        found = load_concept_set(concept_set)
    except ConceptSetError as error:
        fail(str(error))
    options = ", ".join(f"{group.name} ({len(group.options)})" for group in found.groups)
    print(f"{found.name}, version {found.version}: {len(found.classes)} classes, {found.option_count} options in")
    print(f"{found.group_count} groups: {options}")
    print(f"classes: {', '.join(found.class_keys)}")
    print(f"digest: {found.digest()}")
    advice = list(review(found))
    if encoder is not None:
        from models.encoders.loading import EncoderError, load_text_encoder

        try:
            embeddings = load_text_encoder(encoder).embed(found.prompts())
        except EncoderError as error:
            fail(str(error))
        advice += alike(found, embeddings.numpy())
    print("\n".join(f"- {line}" for line in advice) if advice else "Nothing to improve.")


@concepts.command()
def template(
    classes: Annotated[str, typer.Option(help="Names of the classes, separated by commas.")],
    name: Annotated[str, typer.Option(help="Name of the set: lower-case letters, digits, _ and -.")] = "my-set",
    modality: Annotated[str, typer.Option(help="Such as dermoscopy.")] = "CHANGE ME",
    out: Annotated[Path | None, typer.Option(help="File to write; printed if left out.")] = None,
) -> None:
    """Write the beginning of a concept set for classes of your own, to be filled in."""
    from models.concepts import ConceptSetError, parse_concept_set
    from models.concepts.template import concept_set_template

    try:
        text = concept_set_template(classes.split(","), name, modality)
        parse_concept_set(text, origin="template")
    except ConceptSetError as error:
        fail(str(error))
    if out is None:
        print(text, end="")
        return
    try:
        with out.open("x", encoding="utf-8") as stream:
            stream.write(text)
    except FileExistsError:
        fail(f"{out} is there already; choose another name")
    except OSError as error:
        fail(f"cannot write {out}: {error.strerror or error}", code=1)
    print(f"{out} written; fill it in, then: vitrine concepts check {out}")
