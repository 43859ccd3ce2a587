/** What only operators see; empty until the API tells it. */
export const NamespacePanels = () => null;
