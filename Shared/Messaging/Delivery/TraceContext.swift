import Contracts

/// W3C Trace Context, level 1: the `traceparent` that ties the logs of one journey together over all services.
public enum TraceContext {
    /// A new span of the given trace, or of a new trace when there is none (or a malformed one).
    public static func child(of parent: String?, at moment: Moment) -> String {
        let traceID = parent.flatMap(traceID(in:)) ?? hexadecimal(moment.randomBytes(16))
        return "00-\(traceID)-\(hexadecimal(moment.randomBytes(8)))-01"
    }

    /// The 32 hexadecimal digits of the trace; nil when the header is not valid.
    public static func traceID(in traceparent: String) -> String? {
        guard traceparent.utf8.count == 55 else { return nil }
        let parts = traceparent.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 4, parts[0] == "00", parts[1].utf8.count == 32, parts[2].utf8.count == 16,
            parts[3].utf8.count == 2, parts.allSatisfy({ $0.utf8.allSatisfy(isLowerCaseHexadecimal) }),
            parts[1].contains(where: { $0 != "0" }), parts[2].contains(where: { $0 != "0" })
        else { return nil }
        return String(parts[1])
    }

    private static func isLowerCaseHexadecimal(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte)
    }

    private static func hexadecimal(_ bytes: [UInt8]) -> String {
        let digits: StaticString = "0123456789abcdef"
        return String(unsafeUninitializedCapacity: 2 * bytes.count) { text in
            for (index, byte) in bytes.enumerated() {
                text[2 * index] = digits.utf8Start[Int(byte >> 4)]
                text[2 * index + 1] = digits.utf8Start[Int(byte & 15)]
            }
            return 2 * bytes.count
        }
    }
}
