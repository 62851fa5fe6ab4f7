error("the folder of the Lua file comes first")
