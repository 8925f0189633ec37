/** Signs on buttons that go through time: paths in a square of 20. */
export const ICONS = {
  first: "M5 4v12M15 4 8 10l7 6z",
  back: "M13 4 6 10l7 6z",
  play: "M6 3.5 16 10 6 16.5z",
  pause: "M6 4v12M14 4v12",
  forward: "M7 4l7 6-7 6z",
  last: "M15 4v12M5 4l7 6-7 6z",
} as const;
