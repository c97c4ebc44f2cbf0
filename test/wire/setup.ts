import { expectDocumented } from "./expect-documented";

/** After each test, whatever it is about. */
afterEach(expectDocumented);
/** And what came after the last: provider processes outlive a test. */
afterAll(expectDocumented);
