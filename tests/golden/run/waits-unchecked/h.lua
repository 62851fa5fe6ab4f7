function tenth(x) return x / 10 end
