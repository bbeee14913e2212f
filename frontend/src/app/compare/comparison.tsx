import { Button, Switch, Tooltip } from "@mantine/core";
import { IconArrowLeft, IconArrowsLeftRight, IconLink } from "@tabler/icons-react";
import { useEffect } from "react";
import { Link } from "react-router";
import { LayerAppearance } from "../../features/viewer/components/layer-bar";
import { useViewerSettings } from "../../features/viewer/hooks/use-viewer-settings";
import { parseWindow } from "../../features/viewer/lib/view-link";
import type { Case } from "../../shared/api/types";
import { CopyField } from "../../shared/components/copy-field";
import { Dialog } from "../../shared/components/dialog";
import { Notice } from "../../shared/components/notice";
import { Tag } from "../../shared/components/tag";
import { COPIED_MILLISECONDS, useCopy } from "../../shared/hooks/use-copy";
import { useShortcuts } from "../../shared/hooks/use-shortcuts";
import classes from "./compare-page.module.css";
import { CompareViewers } from "./compare-viewers";
import { DifferenceTables } from "./difference-tables";
import {
  chooseLayer,
  chooseMap,
  chooseOption,
  formatMap,
  type MapChoice,
  resolveMaps,
  shareOptions,
} from "./map-choice";
import type { Place, Side } from "./side";
import { SideClasses } from "./side-classes";
import { SideHeading } from "./side-heading";
import type { Address } from "./use-address";
import { parsePreferences, useViewAddress } from "./use-view-address";

const addressOf = () => window.location.href;

interface ComparisonProps {
  entry: Case;
  /** All that can be chosen, newest first. */
  sides: readonly Side[];
  left: Side;
  right: Side;
  /** Sides that the address names and the case does not have. */
  lost: readonly Place[];
  address: Address;
}

export function Comparison(props: ComparisonProps) {
  const { entry, sides, left, right, lost, address } = props;
  const { params, change, complete } = address;
  const settings = useViewerSettings(parseWindow(params.get("window")), parsePreferences(params));
  const sync = useViewAddress(params, change, settings);
  const link = useCopy(addressOf, COPIED_MILLISECONDS);
  const common = shareOptions(left, right);
  const linked = common && params.get("maps") !== "apart";
  const texts = { map: params.get("map"), mapRight: params.get("map-right") };
  const choices = resolveMaps([left, right], texts, linked);
  // What stands here by default today may not do so when the link is opened. A broken link stays as it is.
  useEffect(() => {
    if (lost.length === 0) {
      complete({
        ...{ left: left.ref, right: right.ref },
        ...{ map: formatMap(choices.left), "map-right": formatMap(choices.right) },
      });
    }
  });
  const choose = (place: Place, choice: MapChoice) =>
    change(chooseMap([left, right], choices, place, choice, linked));
  const setLinked = (next: boolean) => change({ maps: next ? null : "apart" });
  const switchSides = () =>
    change({
      left: right.ref,
      right: left.ref,
      map: formatMap(choices.right),
      "map-right": formatMap(choices.left),
    });
  useShortcuts({
    t: switchSides,
    b: () => common && setLinked(!linked),
    l: () => void link.copy(),
  });
  const heading = (place: Place, side: Side) => (
    <SideHeading
      place={place}
      side={side}
      sides={sides}
      onChoose={(ref) => change({ left: left.ref, right: right.ref, [place]: ref })}
    />
  );

  return (
    <div className={classes.page}>
      <div className={classes.bar}>
        <Link
          to={`/cases/${entry.id}`}
          className={classes.back}
          aria-label={`Back to ${entry.pseudonym}`}
        >
          <IconArrowLeft size={16} aria-hidden />
        </Link>
        <h1 className={classes.title}>Compare: {entry.pseudonym}</h1>
        {entry.synthetic && (
          <Tag title="Drawn by a program, with no patient behind it">Synthetic image</Tag>
        )}
        <div className={classes.tools}>
          <Tooltip label="Switch the sides (T)">
            <Button
              variant="default"
              size="compact-xs"
              leftSection={<IconArrowsLeftRight size={14} aria-hidden />}
              onClick={switchSides}
            >
              Switch the sides
            </Button>
          </Tooltip>
          <Tooltip label="A link that opens exactly what is on screen (L)">
            <Button
              variant="default"
              size="compact-xs"
              leftSection={<IconLink size={14} aria-hidden />}
              onClick={() => void link.copy()}
            >
              {link.state === "copied" ? "Copied" : "Copy the link"}
            </Button>
          </Tooltip>
          <Tag tone="warning">Not for diagnosis</Tag>
        </div>
      </div>
      <div className={classes.scroll}>
        {lost.length > 0 && (
          <Notice
            tone="warning"
            title={`What the link names on the ${lost.join(" and the ")} is not here`}
          >
            The case has no such prediction or intervention. Others are shown instead.
          </Notice>
        )}
        <div className={classes.headings}>
          {heading("left", left)}
          {heading("right", right)}
        </div>
        <div className={classes.mapBar} role="group" aria-label="Maps over the images">
          <Tooltip
            label={
              common
                ? "The map chosen on one side is shown on the other one, too (B)"
                : "The two models have no concept option in common."
            }
          >
            <div>
              <Switch
                size="xs"
                label="Same map on both sides"
                checked={linked}
                disabled={!common}
                onChange={(event) => setLinked(event.currentTarget.checked)}
              />
            </div>
          </Tooltip>
          <LayerAppearance layers={[choices.left.layer, choices.right.layer]} settings={settings} />
          {linked && choices.left.optionId !== choices.right.optionId && (
            <p className={classes.hint}>
              The right model does not know this option and shows one of its own.
            </p>
          )}
          {[left, right].some(({ kind }) => kind === "intervention") && (
            <p className={classes.hint}>
              An intervention does not run the encoder again: its maps are those of its prediction.
            </p>
          )}
        </div>
        <CompareViewers
          entry={entry}
          left={left}
          right={right}
          choices={choices}
          onChoose={choose}
          onLayer={(layer) => change(chooseLayer(choices, layer))}
          settings={settings}
          sync={sync}
        />
        <div className={classes.headings}>
          <SideClasses place="left" side={left} />
          <SideClasses place="right" side={right} />
        </div>
        <DifferenceTables
          left={left}
          right={right}
          onOption={(optionId) => change(chooseOption([left, right], optionId))}
        />
      </div>
      {link.state === "failed" && (
        <Dialog opened onClose={link.reset} title="Copy the link" width={520}>
          <CopyField label="Link to what is on screen" value={addressOf()} />
        </Dialog>
      )}
    </div>
  );
}
