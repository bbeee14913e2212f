import type { GroupDiagnosis, OptionDiagnosis } from "../../../shared/api/types";
import { ShareBar } from "../../../shared/components/share-bar";
import { formatCount, formatNumber, formatPercent } from "../../../shared/lib/format";
import { FigureTable } from "./label-figures";
import classes from "./option-evidence.module.css";

interface PatchFiguresProps {
  option: OptionDiagnosis;
  group: GroupDiagnosis | undefined;
  /** How many groups share the attention. */
  groups: number;
}

/** What of the codebook and of the Magnet's attention goes to the option and its group. */
export function PatchFigures({ option, group, groups }: PatchFiguresProps) {
  const even = 1 / groups;
  const rows = [
    {
      name: "The model says present in",
      figure: `${formatCount(option.present)} images (${formatPercent(option.present_share)})`,
      share: option.present_share,
    },
    {
      name: "Patches of its group's codes where the model says present",
      figure: `${formatCount(option.assigned)}, ${formatPercent(option.assignment_ratio)} of an even assignment`,
      share: option.assignment_ratio,
    },
    ...(group
      ? [
          {
            name: `Magnet mass of the group; even is ${formatPercent(even)}`,
            figure: formatPercent(group.magnet_mass),
            share: group.magnet_mass,
          },
        ]
      : []),
  ];
  return (
    <>
      <table className={classes.figures}>
        <caption className="visually-hidden">Patches and attention</caption>
        <tbody>
          {rows.map(({ name, figure, share }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td className={classes.bar}>
                <ShareBar share={share} />
              </td>
              <td className={classes.number} style={{ whiteSpace: "normal" }}>
                {figure}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {group && (
        <p className={classes.dim}>
          {group.codes.length === 0
            ? "No code is counted to the group."
            : `Codes counted to the group: ${group.codes.join(", ")}.`}{" "}
          The index map is not on the path to the prediction.
        </p>
      )}
    </>
  );
}

interface WeightFiguresProps {
  option: OptionDiagnosis;
  all: readonly OptionDiagnosis[];
}

export function WeightFigures({ option, all }: WeightFiguresProps) {
  const rankOf = (figure: (each: OptionDiagnosis) => number) =>
    `${1 + all.filter((each) => figure(each) > figure(option)).length} of ${all.length}`;
  const rows = [
    {
      name: "Norm of its weights in the head",
      figure: `${formatNumber(option.weight_norm)} (place ${rankOf((each) => each.weight_norm)})`,
    },
    {
      name: "Mean absolute contribution to a logit",
      figure: formatNumber(option.contribution),
    },
    {
      name: "Of that, what differs between images",
      figure: `${formatNumber(option.contribution_spread)} (place ${rankOf((each) => each.contribution_spread)})`,
    },
  ];
  return <FigureTable caption="Weight in the decision" rows={rows} />;
}

interface LocalizationWordsProps {
  option: OptionDiagnosis;
  localizable: boolean;
}

/** The figures of its maps as sentences. */
export function LocalizationWords({ option, localizable }: LocalizationWordsProps) {
  const maps = option.localization;
  if (maps.images === 0) {
    return (
      <p className={classes.dim}>
        {maps.empty > 0
          ? `None of the ${formatCount(maps.empty)} maps has a positive value.`
          : "There is no image where it is present, so there are no maps."}
      </p>
    );
  }
  return (
    <>
      {!localizable && (
        <p className={classes.dim}>
          Its group has no place in the image, so its maps are not held against a rule.
        </p>
      )}
      {maps.concentration !== null && maps.shuffled !== null && (
        <p>
          {formatPercent(maps.concentration)} of the map lies around its peak;{" "}
          {formatPercent(maps.shuffled)} would if the patches were shuffled (
          {formatNumber(maps.concentration / maps.shuffled)} times).
        </p>
      )}
      {maps.peak !== null && maps.energy !== null && (
        <p>
          The peak is {formatNumber(maps.peak, 1)} times the mean of the map; the strongest tenth of
          the patches has {formatNumber(maps.energy, 1)} times its even share.
        </p>
      )}
      {maps.pointing !== null && (
        <p>
          The map points into the mask in {formatPercent(maps.pointing)} of{" "}
          {formatCount(maps.masks)} images
          {maps.pointing_others !== null &&
            `; maps of other images do in ${formatPercent(maps.pointing_others)}`}
          {maps.pointing_centre !== null &&
            `, the centre of the image in ${formatPercent(maps.pointing_centre)}`}
          .
        </p>
      )}
      <p className={classes.dim}>
        Over {formatCount(maps.images)} images where it is present
        {maps.empty > 0 && `; ${formatCount(maps.empty)} more have an empty map`}.
        {maps.masks === 0 && " There are no masks to point into."}
      </p>
    </>
  );
}
