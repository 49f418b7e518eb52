import Foundation

extension UUID {
    /// Makes a version 7 UUID (RFC 9562, section 5.7): 48 bits of Unix milliseconds, then 74 random bits.
    ///
    /// Time and randomness come in from outside, so that a simulation can make the same ids again.
    public static func version7(at time: Timestamp, using random: inout some RandomNumberGenerator) -> UUID {
        let milliseconds = UInt64(max(0, time.millisecondsSince1970))
        let high = random.next()
        let low = random.next()
        return UUID(
            uuid: (
                UInt8(truncatingIfNeeded: milliseconds >> 40), UInt8(truncatingIfNeeded: milliseconds >> 32),
                UInt8(truncatingIfNeeded: milliseconds >> 24), UInt8(truncatingIfNeeded: milliseconds >> 16),
                UInt8(truncatingIfNeeded: milliseconds >> 8), UInt8(truncatingIfNeeded: milliseconds),
                0x70 | UInt8(truncatingIfNeeded: (high >> 8) & 0x0F), UInt8(truncatingIfNeeded: high),
                0x80 | UInt8(truncatingIfNeeded: (low >> 56) & 0x3F), UInt8(truncatingIfNeeded: low >> 48),
                UInt8(truncatingIfNeeded: low >> 40), UInt8(truncatingIfNeeded: low >> 32),
                UInt8(truncatingIfNeeded: low >> 24), UInt8(truncatingIfNeeded: low >> 16),
                UInt8(truncatingIfNeeded: low >> 8), UInt8(truncatingIfNeeded: low)
            ))
    }

    /// When a version 7 UUID was made, in whole milliseconds; nil for every other version.
    public var version7Time: Timestamp? {
        guard uuid.6 >> 4 == 7 else { return nil }
        let bytes = [uuid.0, uuid.1, uuid.2, uuid.3, uuid.4, uuid.5]
        return Timestamp(millisecondsSince1970: bytes.reduce(0) { $0 << 8 | Int64($1) })
    }
}
