/// RFC 4648 section 6 base32, upper case and without padding.
enum Base32 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".utf8)

    static func encodedLength(of byteCount: Int) -> Int {
        (byteCount * 8 + 4) / 5
    }

    static func encode(_ bytes: [UInt8]) -> String {
        var characters: [UInt8] = []
        characters.reserveCapacity(encodedLength(of: bytes.count))
        var buffer: UInt16 = 0
        var bitCount = 0
        for byte in bytes {
            buffer = buffer << 8 | UInt16(byte)
            bitCount += 8
            while bitCount >= 5 {
                bitCount -= 5
                characters.append(alphabet[Int(buffer >> UInt16(bitCount) & 0x1f)])
            }
            buffer &= (1 << UInt16(bitCount)) - 1
        }
        if bitCount > 0 {
            characters.append(alphabet[Int(buffer << UInt16(5 - bitCount) & 0x1f)])
        }
        return String(decoding: characters, as: UTF8.self)
    }

    /// Nil for a character outside the alphabet, an impossible length or unused bits that are not zero.
    static func decode(_ characters: ArraySlice<UInt8>) -> [UInt8]? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(characters.count * 5 / 8)
        var buffer: UInt16 = 0
        var bitCount = 0
        for character in characters {
            guard let value = value(of: character) else { return nil }
            buffer = buffer << 5 | UInt16(value)
            bitCount += 5
            if bitCount >= 8 {
                bitCount -= 8
                bytes.append(UInt8(buffer >> UInt16(bitCount)))
            }
            buffer &= (1 << UInt16(bitCount)) - 1
        }
        return bitCount < 5 && buffer == 0 ? bytes : nil
    }

    static func uppercased(_ character: UInt8) -> UInt8 {
        (0x61...0x7a).contains(character) ? character - 0x20 : character
    }

    private static func value(of character: UInt8) -> UInt8? {
        switch character {
        case 0x41...0x5a: character - 0x41
        case 0x32...0x37: character - 0x32 + 26
        default: nil
        }
    }
}
