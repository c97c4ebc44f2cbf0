import { getMaxListeners } from "node:events";
import { Shutdown } from "../../../provider/host/shutdown";

test("any number of operations may listen for the end of the process, without a warning from Node", () => {
  expect(getMaxListeners(new Shutdown().signal)).toBe(0);
});
