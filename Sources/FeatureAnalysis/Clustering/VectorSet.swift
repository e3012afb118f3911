/// Embeddings as unit vectors, one after the other: the dot product of two is their cosine similarity.

package struct VectorSet: Sendable, Equatable {
    package private(set) var values: [Float] = []
    package private(set) var count = 0
    package let dimensionCount: Int

    /// - Parameter dimensionCount: of every vector, above 0.
    package init(dimensionCount: Int) {
        precondition(dimensionCount > 0)
        self.dimensionCount = dimensionCount
    }

    package subscript(index: Int) -> ArraySlice<Float> { values[index * dimensionCount..<(index + 1) * dimensionCount] }

    /// Answers false, and adds nothing, for a vector of another length, of length zero in space, or with a component that is no number.
    package mutating func append(_ vector: some Collection<Float>) -> Bool {
        guard vector.count == dimensionCount, let unit = Self.unit(Array(vector)) else { return false }
        values += unit
        count += 1
        return true
    }

    /// The chosen vectors, in that order.
    package func chosen(_ indices: [Int]) -> VectorSet {
        var chosen = VectorSet(dimensionCount: dimensionCount)
        chosen.values.reserveCapacity(indices.count * dimensionCount)
        for index in indices { chosen.values += self[index] }
        chosen.count = indices.count
        return chosen
    }

    /// The vectors as seen from their mean: embeddings of one language and product share a direction that says nothing of what tells them
    /// apart (Mu and Viswanath 2018). One that lies on the mean stays as it is.
    package func centered() -> VectorSet {
        var mean = [Float](repeating: 0, count: dimensionCount)
        for index in 0..<count {
            for component in 0..<dimensionCount { mean[component] += values[index * dimensionCount + component] / Float(count) }
        }
        var centered = VectorSet(dimensionCount: dimensionCount)
        centered.values.reserveCapacity(values.count)
        for index in 0..<count {
            let difference = zip(self[index], mean).map { $0 - $1 }
            centered.values += Self.unit(difference) ?? Array(self[index])
        }
        centered.count = count
        return centered
    }

    /// The direction of the sum of the chosen vectors; nil for none, or if they cancel out.
    package func centroid(of indices: some Sequence<Int>) -> [Float]? {
        var sum = [Float](repeating: 0, count: dimensionCount)
        for index in indices {
            let start = index * dimensionCount
            for component in 0..<dimensionCount { sum[component] += values[start + component] }
        }
        return Self.unit(sum)
    }

    /// Cosine similarity of a vector of the set with another of length one, -1 to 1.
    package func similarity(_ index: Int, _ unit: [Float]) -> Float {
        precondition(unit.count == dimensionCount)
        return values.withUnsafeBufferPointer { values in
            unit.withUnsafeBufferPointer {
                Self.dot($0.baseAddress, values.baseAddress.map { $0 + index * dimensionCount }, dimensionCount)
            }
        }
    }

    /// Cosine similarities of all pairs, row after row: `count` squared, symmetric.
    package func similarities() -> [Float] {
        [Float](unsafeUninitializedCapacity: count * count) { matrix, initialized in
            values.withUnsafeBufferPointer { values in
                for row in 0..<count {
                    for column in 0...row {
                        let value = Self.dot(
                            values.baseAddress.map { $0 + row * dimensionCount }, values.baseAddress.map { $0 + column * dimensionCount },
                            dimensionCount)
                        matrix[row * count + column] = value
                        matrix[column * count + row] = value
                    }
                }
            }
            initialized = count * count
        }
    }

    package static func unit(_ vector: [Float]) -> [Float]? {
        let square = vector.reduce(0.0) { $0 + Double($1) * Double($1) }
        guard square.isFinite, square > 0 else { return nil }
        let scale = Float(1 / square.squareRoot())
        return scale.isFinite ? vector.map { $0 * scale } : nil
    }

    /// Eight partial sums, so that the compiler may use vector registers: floating-point addition is otherwise kept in order.
    /// Both pointers hold `count` numbers: rows of `values` in bounds by the loops above, or a vector whose length was checked.
    private static func dot(_ a: UnsafePointer<Float>?, _ b: UnsafePointer<Float>?, _ count: Int) -> Float {
        guard let a, let b else { return 0 }
        var sums = SIMD8<Float>.zero
        var index = 0
        while index + 8 <= count {
            let left = UnsafeRawPointer(a + index).loadUnaligned(as: SIMD8<Float>.self)
            let right = UnsafeRawPointer(b + index).loadUnaligned(as: SIMD8<Float>.self)
            sums += left * right
            index += 8
        }
        var sum = sums.sum()
        while index < count {
            sum += a[index] * b[index]
            index += 1
        }
        return sum
    }
}
