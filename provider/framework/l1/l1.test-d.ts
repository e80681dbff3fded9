import type { IResolvable, TerraformMetaArguments, TerraformResource } from "cdktf";
import { expectTypeOf } from "expect-type";
import { bool, list, map, number, object, objectList, objectMap, set, string } from "../attribute";
import { l1, type Props, type References } from ".";
import type { Camel } from "./props";

expectTypeOf<Camel<"memory_mb">>().toEqualTypeOf<"memoryMb">();
expectTypeOf<Camel<"required_host_features">>().toEqualTypeOf<"requiredHostFeatures">();

const attributes = {
  id: string("computed", { doc: "" }),
  app: string("required", { doc: "" }),
  memory_mb: number("optional+computed", { doc: "", default: 256 }),
  tags: set("optional", "string", { doc: "" }),
  flags: list("optional", "bool", { doc: "" }),
  limits: map("optional", "number", { doc: "" }),
  protect: bool("optional", { doc: "" }),
  guest: object(
    "optional",
    { cpu_kind: string("required", { doc: "" }), serial: string("computed", { doc: "" }) },
    { doc: "" },
  ),
  ports: objectList("required", { port: number("required", { doc: "" }) }, { doc: "" }),
  checks: objectMap("optional", { type: string("optional", { doc: "" }) }, { doc: "" }),
};
type Given = Props<typeof attributes>;
type Found = References<typeof attributes>;

expectTypeOf<Given["app"]>().toEqualTypeOf<string>();
expectTypeOf<Given["memoryMb"]>().toEqualTypeOf<number | undefined>();
expectTypeOf<Given["tags"]>().toEqualTypeOf<readonly string[] | IResolvable | undefined>();
expectTypeOf<Given["flags"]>().toEqualTypeOf<readonly (boolean | IResolvable)[] | IResolvable | undefined>();
expectTypeOf<Given["limits"]>().toEqualTypeOf<{ readonly [key: string]: number } | IResolvable | undefined>();
expectTypeOf<Given["protect"]>().toEqualTypeOf<boolean | IResolvable | undefined>();
expectTypeOf<Given>().not.toHaveProperty("id");
expectTypeOf<Given>().not.toHaveProperty("memory_mb");

expectTypeOf<{ app: string; ports: { port: number }[] }>().toExtend<Given>();
expectTypeOf<{ app: string; ports: { port: number }[]; guest: { cpuKind: string } }>().toExtend<Given>();
expectTypeOf<{ app: string; ports: IResolvable; guest: IResolvable; checks: { web: IResolvable } }>().toExtend<Given>();
expectTypeOf<{ app: string }>().not.toExtend<Given>();
expectTypeOf<{ app: string; ports: []; guest: { cpu_kind: string } }>().not.toExtend<Given>();
expectTypeOf<{ app: string; ports: { port: string }[] }>().not.toExtend<Given>();

expectTypeOf<Found["id"]>().toEqualTypeOf<string>();
expectTypeOf<Found["memoryMb"]>().toEqualTypeOf<number>();
expectTypeOf<Found["tags"]>().toEqualTypeOf<string[]>();
expectTypeOf<Found["flags"]>().toEqualTypeOf<IResolvable>();
expectTypeOf<Found["limits"]>().toEqualTypeOf<{ [key: string]: number }>();
expectTypeOf<Found["guest"]["cpuKind"]>().toEqualTypeOf<string>();
expectTypeOf<Found["guest"]["serial"]>().toEqualTypeOf<string>();
expectTypeOf<Found["ports"]>().toEqualTypeOf<IResolvable>();
expectTypeOf<Found["guest"]>().toExtend<IResolvable>();

const Thing = l1({ type: "edge_thing", attributes });
expectTypeOf<InstanceType<typeof Thing>>().toExtend<TerraformResource & Found>();
expectTypeOf<ConstructorParameters<typeof Thing>[2]>().toExtend<TerraformMetaArguments>();
