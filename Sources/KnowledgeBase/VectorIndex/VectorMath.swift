/// Arithmetic on vectors of 32-bit floats: length one, and the dot product that then is the cosine.

enum VectorMath {
    /// The vector at length one; nil if it has none, or a component that is no number.
    static func unit(_ vector: [Float]) -> [Float]? {
        let square = vector.reduce(0.0) { $0 + Double($1) * Double($1) }
        guard square.isFinite, square > 0 else { return nil }
        let scale = 1 / square.squareRoot()
        let unit = vector.map { Float(Double($0) * scale) }
        return unit.allSatisfy(\.isFinite) ? unit : nil
    }

    /// Of two vectors of `count` numbers, which both pointers must hold, aligned or not.
    ///
    /// Thirty-two partial sums: the compiler may use vector registers, and one addition need not wait for the one before.
    @inline(__always)
    static func dot(_ a: UnsafeRawPointer, _ b: UnsafeRawPointer, count: Int) -> Float {
        var first = SIMD8<Float>.zero, second = SIMD8<Float>.zero, third = SIMD8<Float>.zero, fourth = SIMD8<Float>.zero
        var offset = 0
        let byteCount = 4 * count
        while offset &+ 128 <= byteCount {
            first += load(a, offset) * load(b, offset)
            second += load(a, offset &+ 32) * load(b, offset &+ 32)
            third += load(a, offset &+ 64) * load(b, offset &+ 64)
            fourth += load(a, offset &+ 96) * load(b, offset &+ 96)
            offset &+= 128
        }
        while offset &+ 32 <= byteCount {
            first += load(a, offset) * load(b, offset)
            offset &+= 32
        }
        var sum = ((first + second) + (third + fourth)).sum()
        while offset < byteCount {
            sum += a.loadUnaligned(fromByteOffset: offset, as: Float.self) * b.loadUnaligned(fromByteOffset: offset, as: Float.self)
            offset &+= 4
        }
        return sum
    }

    @inline(__always)
    private static func load(_ base: UnsafeRawPointer, _ offset: Int) -> SIMD8<Float> {
        base.loadUnaligned(fromByteOffset: offset, as: SIMD8<Float>.self)
    }
}
