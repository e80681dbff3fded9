/**
 * The client does not pace itself: the sandboxes of these tests set no limits, and each run of `infra` is a moment after the one before. That pace and
 * limits fit together is tried where it is the point: `api/fly/budget.test.ts`, `test/clients/`, `bench/`.
 */
import { Budget } from "../../../api/fly/budget";

Budget.prototype.take = async () => () => {};
