return { a = require "a" }
