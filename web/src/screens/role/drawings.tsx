import type { Role } from "../../draft/draft";

function Bride() {
  return (
    <>
      <path class="role-veil" d="M70 18c-25 0-34 20-36 46-2 31-9 62-18 90h108c-9-28-16-59-18-90-2-26-11-46-36-46z" />
      <path class="role-skin" d="M63 84v13c-15 4-25 19-26 57h66c-1-38-11-53-26-57V84z" />
      <path class="role-cloth" d="M33 154c0-14 3-24 8-32 10 4 20 1 29-8 9 9 19 12 29 8 5 8 8 18 8 32z" />
      <path class="role-skin" d="M52 60c0-16 7-25 18-25s18 9 18 25-8 30-18 30-18-14-18-30z" />
      <path class="role-hair" d="M51 63c-4-21 5-33 19-33s23 12 19 33c-4-5-9-12-11-18-6 8-16 11-23 10-1 3-2 5-4 8z" />
      <path d="M62.5 63v2M77.5 63v2M65 76q5 3.5 10 0" />
      <path class="role-accent" d="M58 32a3 3 0 1 1 .1 0zM70 28a3.5 3.5 0 1 1 .1 0zM82 32a3 3 0 1 1 .1 0z" />
    </>
  );
}

function Groom() {
  return (
    <>
      <path class="role-suit" d="M14 154c0-34 14-50 44-57h24c30 7 44 23 44 57z" />
      <path class="role-cloth" d="M58 95l12 34 12-34-4 40-8 14-8-14z" />
      <path class="role-skin" d="M63 84v12l7 8 7-8V84z" />
      <path class="role-suit" d="M58 96l-15 20 9 4-4 8 22 26M82 96l15 20-9 4 4 8-22 26" />
      <path class="role-skin" d="M52 58c0-16 7-24 18-24s18 8 18 24c0 17-8 31-18 31s-18-14-18-31z" />
      <path class="role-hair" d="M51 58c-4-20 4-31 20-31 14 0 22 10 18 31-2-4-3-8-4-12-12 1-22-2-28-6-2 6-4 11-6 18z" />
      <path d="M62.5 61v2M77.5 61v2M65 75q5 3.5 10 0" />
      <path class="role-accent" d="M70 104l-11-6v12zM70 104l11-6v12zM103 124a3.5 3.5 0 1 1 .1 0z" />
    </>
  );
}

export function RoleDrawing({ of }: { of: Role }) {
  return (
    <svg class="role-drawing" viewBox="0 0 140 154" fill="none" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">
      {of === "bride" ? <Bride /> : <Groom />}
    </svg>
  );
}
