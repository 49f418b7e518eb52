import Contracts

/// What happened in a run, line by line. Two runs of one seed write the same lines.
struct EventTrace: Sendable {
    private(set) var lines: [String] = []
    private var fingerprint: UInt64 = 0xCBF2_9CE4_8422_2325

    /// Of everything written so far (FNV-1a).
    var hash: String {
        let digits = String(fingerprint, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    mutating func add(_ text: String, at time: Timestamp) {
        let elapsed = time.since(VirtualTime.beginning).milliseconds
        let line = "\(elapsed) \(text)"
        for byte in line.utf8 { fingerprint = (fingerprint ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
        fingerprint = (fingerprint ^ 10) &* 0x0000_0100_0000_01B3
        lines.append(line)
    }
}
