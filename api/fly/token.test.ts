import { checkedToken } from "./token";

test.each(["fo1_Ab-9_x", "FlyV1 fm2_lJPE+/=,fm2_x", "FlyV1 fm1r_x,fm2_y:z"])("takes %s", (token) => {
  expect(checkedToken(token)).toBe(token);
});

test.each(["canary\n", "canary\ncanary", '"canary"', "canary\u0000", "canär", " canary"])(
  "refuses %j without repeating it",
  (token) => {
    expect(() => checkedToken(token)).toThrow(/^(?!.*can).*\[fly\/token-malformed\]$/);
  },
);
