function limit() return require "b" end
