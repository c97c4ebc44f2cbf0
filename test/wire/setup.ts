import { expectDocumented } from "./expect-documented";

afterEach(expectDocumented);
// Provider processes outlive the last test.
afterAll(expectDocumented);
