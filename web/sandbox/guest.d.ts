/** guest/main.ts and all that it imports as one text: see plugin.ts. */
declare module "virtual:iopath-guest" {
  const text: string;
  export default text;
}
