// tests/web/checks.mjs: what a page must do beside being accessible, by the beginning of its name.
export const checks = {};
