import type { IResolvable } from "cdktf";
import { expectTypeOf } from "expect-type";
import type { Environment } from "../../config/schema";
import type { FlyAppProps } from "./fly-app";

type Group = FlyAppProps["groups"][string];

// An environment of the configuration is what FlyApp takes.
expectTypeOf<Environment>().toExtend<FlyAppProps>();

// A word of a fixed list is checked by the compiler, and an expression may stand for it.
expectTypeOf<"shared">().toExtend<Group["cpuKind"]>();
expectTypeOf<IResolvable>().toExtend<Group["cpuKind"]>();
expectTypeOf<"sharde">().not.toExtend<Group["cpuKind"]>();

// Texts and numbers take string and number Tokens as they are.
expectTypeOf<string>().toExtend<FlyAppProps["app"]>();
expectTypeOf<number>().toExtend<Group["memoryMb"]>();
expectTypeOf<string>().not.toExtend<Group["memoryMb"]>();

// What an app cannot do without.
expectTypeOf<Omit<FlyAppProps, "image">>().not.toExtend<FlyAppProps>();
