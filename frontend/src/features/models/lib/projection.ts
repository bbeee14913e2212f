/** Three dimensions on a flat canvas: a cloud of points, turned about its centre and seen from a little way off. */

export type Place = readonly [number, number, number];

export interface View {
  /** About the vertical axis, radians. */
  yaw: number;
  /** Up and down, radians, at most a right angle. */
  pitch: number;
  zoom: number;
}

export const FIRST_VIEW: View = { yaw: 0.6, pitch: 0.4, zoom: 1 };
const RIGHT_ANGLE = Math.PI / 2;
const NEAREST = 0.4;
const FARTHEST = 12;
/** Distance of the eye from the centre, in radii of the cloud. */
const EYE = 4;

export interface Projected {
  x: number;
  y: number;
  /** Towards the eye; the largest is drawn last. */
  depth: number;
  /** Of sizes: 1 at the centre. */
  scale: number;
}

/** Centre and radius of the tokens, so that a few places far out do not make the rest small. */
export function frameOf(places: readonly Place[]): { centre: Place; radius: number } {
  if (places.length === 0) {
    return { centre: [0, 0, 0], radius: 1 };
  }
  const mean = (axis: 0 | 1 | 2) =>
    places.reduce((sum, place) => sum + place[axis], 0) / places.length;
  const centre: Place = [mean(0), mean(1), mean(2)];
  const distances = places.map((place) => distance(place, centre)).sort((a, b) => a - b);
  const radius = distances[Math.floor(0.99 * (distances.length - 1))] ?? 0;
  return { centre, radius: radius > 0 ? radius : 1 };
}

function distance(a: Place, b: Place): number {
  return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}

/** In units of the radius about the centre. */
export function normalized(places: readonly Place[], frame: ReturnType<typeof frameOf>): Place[] {
  const { centre, radius } = frame;
  return places.map(
    ([x, y, z]): Place => [
      (x - centre[0]) / radius,
      (y - centre[1]) / radius,
      (z - centre[2]) / radius,
    ],
  );
}

/** Where a normalized place lies on a canvas of this size, in CSS pixels. */
export function project(place: Place, view: View, width: number, height: number): Projected {
  const [x, y, z] = turned(place, view);
  const scale = EYE / (EYE - Math.min(z, EYE - 0.5));
  const unit = 0.44 * Math.min(width, height) * view.zoom;
  return { x: width / 2 + x * unit * scale, y: height / 2 - y * unit * scale, depth: z, scale };
}

/** First about the vertical axis, then up or down. */
export function turned([x, y, z]: Place, { yaw, pitch }: View): Place {
  const [sinYaw, cosYaw] = [Math.sin(yaw), Math.cos(yaw)];
  const [sinPitch, cosPitch] = [Math.sin(pitch), Math.cos(pitch)];
  const aside = cosYaw * x + sinYaw * z;
  const ahead = cosYaw * z - sinYaw * x;
  return [aside, cosPitch * y - sinPitch * ahead, sinPitch * y + cosPitch * ahead];
}

export function turn(view: View, yaw: number, pitch: number): View {
  return {
    ...view,
    yaw: (view.yaw + yaw) % (2 * Math.PI),
    pitch: Math.min(RIGHT_ANGLE, Math.max(-RIGHT_ANGLE, view.pitch + pitch)),
  };
}

export function zoomBy(view: View, factor: number): View {
  return { ...view, zoom: Math.min(FARTHEST, Math.max(NEAREST, view.zoom * factor)) };
}

/** The nearest of the points within reach, the foremost of those equally near; null: none. */
export function pick(
  points: readonly (Projected | null)[],
  x: number,
  y: number,
  within: number,
): number | null {
  let best: number | null = null;
  let nearest = within;
  points.forEach((point, at) => {
    const far = point ? Math.hypot(point.x - x, point.y - y) : Number.POSITIVE_INFINITY;
    const foremost =
      best === null || far < nearest || (point?.depth ?? 0) > (points[best]?.depth ?? 0);
    if (far < nearest || (far === nearest && foremost)) {
      best = at;
      nearest = far;
    }
  });
  return best;
}

const TURN = Math.PI / 24;

/** What a key does to the view; null: nothing. */
export function viewAfterKey(key: string, view: View): View | null {
  switch (key) {
    case "ArrowLeft":
      return turn(view, -TURN, 0);
    case "ArrowRight":
      return turn(view, TURN, 0);
    case "ArrowUp":
      return turn(view, 0, TURN);
    case "ArrowDown":
      return turn(view, 0, -TURN);
    case "+":
    case "=":
      return zoomBy(view, 1.2);
    case "-":
      return zoomBy(view, 1 / 1.2);
    case "0":
    case "Home":
      return FIRST_VIEW;
    default:
      return null;
  }
}
