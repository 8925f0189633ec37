/** A module and all that it imports as one text: see plugin.ts. */
declare module "*?guest" {
  const text: string;
  export default text;
}
