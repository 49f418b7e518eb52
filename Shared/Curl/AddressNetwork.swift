/// A block of IPv4 or IPv6 addresses, as in `198.18.0.0/15`.
struct AddressNetwork: Sendable {
    private let prefix: [UInt8]
    private let prefixLength: Int

    /// - Parameter bytes: The leading bytes of the network; the rest are zero.
    init(version4 bytes: [UInt8], _ prefixLength: Int) {
        self.init(bytes, prefixLength, addressLength: 4)
    }

    /// - Parameter bytes: The leading bytes of the network; the rest are zero.
    init(version6 bytes: [UInt8], _ prefixLength: Int) {
        self.init(bytes, prefixLength, addressLength: 16)
    }

    private init(_ bytes: [UInt8], _ prefixLength: Int, addressLength: Int) {
        self.prefix = bytes + Array(repeating: 0, count: addressLength - bytes.count)
        self.prefixLength = prefixLength
    }

    /// False for an address of the other family.
    func contains(_ address: [UInt8]) -> Bool {
        guard address.count == prefix.count else { return false }
        let wholeBytes = prefixLength / 8
        guard address[..<wholeBytes] == prefix[..<wholeBytes] else { return false }
        let restBits = prefixLength % 8
        guard restBits > 0 else { return true }
        let mask = UInt8(truncatingIfNeeded: 0xff00 >> restBits)
        return address[wholeBytes] & mask == prefix[wholeBytes] & mask
    }
}
