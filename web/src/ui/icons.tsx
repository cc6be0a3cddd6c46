/** The icons, drawn on 24 × 24 with a line of 1.6; decoration: what they stand beside or within has the name. */
const PATHS = {
  back: "M15 5l-7 7 7 7",
  forward: "M9 5l7 7-7 7",
  close: "M6 6l12 12M18 6L6 18",
  check: "M5 12.5l4.5 4.5L19 7.5",
  album: "M4 7.5A2.5 2.5 0 0 1 6.5 5h11A2.5 2.5 0 0 1 20 7.5v9a2.5 2.5 0 0 1-2.5 2.5h-11A2.5 2.5 0 0 1 4 16.5zM4.5 16l4.2-4.2a1.5 1.5 0 0 1 2.1 0L15 16l1.2-1.2a1.5 1.5 0 0 1 2.1 0L20 16.5M15.5 9.5h.01",
  person: "M12 12.5a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 20c.9-3.3 3.9-5 7.5-5s6.6 1.7 7.5 5",
  heart: "M12 19.5S4.5 15 4.5 9.6A4.1 4.1 0 0 1 12 7.3a4.1 4.1 0 0 1 7.5 2.3C19.5 15 12 19.5 12 19.5z",
  download: "M12 4.5v11m-4.5-4.5l4.5 4.5 4.5-4.5M5 19.5h14",
  share: "M12 14.5v-10m-4 3.6l4-4 4 4M6 11.5H5.5A1.5 1.5 0 0 0 4 13v5a1.5 1.5 0 0 0 1.5 1.5h13A1.5 1.5 0 0 0 20 18v-5a1.5 1.5 0 0 0-1.5-1.5H18",
  trash: "M5 7h14M10 7V4.8h4V7m-7.5 0l.8 12.2h9.4L17.5 7M10 10.5v5.5m4-5.5v5.5",
  info: "M12 20a8 8 0 1 0 0-16 8 8 0 0 0 0 16zM12 11.2v4.6M12 8.2h.01",
  alert: "M12 4.5l8.5 15h-17zM12 10.5v4M12 17h.01",
  offline: "M4 4l16 16M8.5 16a5 5 0 0 1 5.8-.9M5.5 12.6a9.4 9.4 0 0 1 4-2.3M13 10a9.4 9.4 0 0 1 5.5 2.6M2.8 9.3A13.6 13.6 0 0 1 6.6 7M10 5.7a13.6 13.6 0 0 1 11.2 3.6M12 19.2h.01",
  lock: "M7 11V8.5a5 5 0 0 1 10 0V11M6.5 11h11A1.5 1.5 0 0 1 19 12.5v6a1.5 1.5 0 0 1-1.5 1.5h-11A1.5 1.5 0 0 1 5 18.5v-6A1.5 1.5 0 0 1 6.5 11z",
  compare: "M12 4v16M5.5 7H9v10H5.5A1.5 1.5 0 0 1 4 15.5v-7A1.5 1.5 0 0 1 5.5 7zM15 7h3.5A1.5 1.5 0 0 1 20 8.5v7a1.5 1.5 0 0 1-1.5 1.5H15",
  coin: "M12 20a8 8 0 1 0 0-16 8 8 0 0 0 0 16zM9 12.2l2.2 2.2L15.4 10",
  zoomIn: "M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13zM15.3 15.3L20 20M10.5 7.8v5.4M7.8 10.5h5.4",
  zoomOut: "M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13zM15.3 15.3L20 20M7.8 10.5h5.4",
  original: "M4.5 5.5h15v13h-15zM12 12.2a2.4 2.4 0 1 0 0-4.8 2.4 2.4 0 0 0 0 4.8zM7.5 18.4c.6-2.3 2.4-3.6 4.5-3.6s3.9 1.3 4.5 3.6",
  sparkle: "M12 4.5c.7 4.2 2.8 6.5 7 7.5-4.2 1-6.3 3.3-7 7.5-.7-4.2-2.8-6.5-7-7.5 4.2-1 6.3-3.3 7-7.5z",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name, size = 24 }: { name: IconName; size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.6" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
