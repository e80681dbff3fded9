// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are templates of Terraform
import fc from "fast-check";
import { callsIn, callsInExpression } from "./template";

const environment = "/proc/self/environ";

test.each<[string, readonly string[] | undefined]>([
  ["plain text, file(x) in it", []],
  [`\${file("${environment}")}`, ["file"]],
  [`a \${ file  ("${environment}") } b`, ["file"]],
  [`\${"\${file("${environment}")}"}`, ["file"]],
  [`%{ if true }\${file("x")}%{ endif }`, ["file"]],
  [`%{ for a in fileset("/", "*") }\${a}%{ endfor }`, ["fileset"]],
  ["${[for one in (var.list) : upper(one) if (one != null)]}", ["upper"]],
  ['${format("is (%s) of file(x)", {a = 1}.a)}', ["format"]],
  ['${"a \\" file(1)"}', []],
  ['${"\\\\${file(1)}"}', ["file"]],
  ["${file\n(1)}", ["file"]],
  // What it cannot follow for certain.
  ['$${ "\\${file("x")}', undefined],
  ["%%{ if file(x) }", undefined],
  ["${1 /* } */ + file(1)}", undefined],
  ["${1 // }\n}", undefined],
  ["${<<X\n}\nX\n}", undefined],
  ['${provider::fly::x("y")}', undefined],
  ["${core::file(1)}", undefined],
  ["${", undefined],
  ['${"}', undefined],
  ['${"\\${file(1)}"}', undefined],
])("%j calls %j", (template, calls) => {
  expect(callsIn(template)).toEqual(calls);
});

test.each<[string, readonly string[] | undefined]>([
  ["fly_app.web", []],
  ['fly_app.web["a"]', []],
  [`null_resource.x[file("${environment}")]`, ["file"]],
  ["fly_app.web } file(1)", undefined],
])("the address %j calls %j", (text, calls) => {
  expect(callsInExpression(text)).toEqual(calls);
});

test("whatever stands around it, a call is seen or the text is not judged", () => {
  const noise = fc.string({
    unit: fc.constantFrom("$", "{", "}", '"', "\\", "%", "(", ")", "a", " ", "\n", "/", "*", "#", "<"),
  });
  fc.assert(
    fc.property(noise, noise, (before, after) => {
      // A marker right before would escape this one: then nothing is called, and the template is not judged either.
      fc.pre(!/[$%]$/.test(before));
      const calls = callsIn(`${before}\${file("x")}${after}`);
      expect(calls === undefined || calls.includes("file")).toBe(true);
    }),
    { numRuns: 5_000 },
  );
});
