import { nodeId } from "../node-id";
import type { LabelRow } from "../row";

/** A label. */
export const labelNode = ({ id, name, color, description, isDefault }: LabelRow) => ({
  __typename: "Label",
  id: nodeId("Label", id),
  name,
  color,
  description,
  isDefault,
});
