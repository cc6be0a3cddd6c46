declare module "virtual:redoc" {
  /** Where the bundle is. */
  const address: string;
  export default address;
}
