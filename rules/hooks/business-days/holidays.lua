-- The holidays of 2026. A date finds the field of its text.
return {
  ["2026-01-01"] = "New Year's Day",
  ["2026-05-25"] = "Memorial Day",
  ["2026-07-03"] = "Independence Day, observed",
  ["2026-09-07"] = "Labor Day",
  ["2026-11-26"] = "Thanksgiving",
  ["2026-12-25"] = "Christmas Day",
}
