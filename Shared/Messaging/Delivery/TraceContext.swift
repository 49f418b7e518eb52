import Contracts

/// W3C Trace Context, level 1: the `traceparent` that ties the logs of one journey together over all services.
public enum TraceContext {
    private static let length = 55
    /// Where the trace's id and the span's are in `00-TRACE-SPAN-01`.
    private static let traceDigits = 3..<35
    private static let spanDigits = 36..<52

    /// A new span of the given trace, or of a new trace when there is none (or a malformed one).
    public static func child(of parent: String?, at moment: Moment) -> String {
        let traceID = parent.flatMap(traceID(in:)) ?? hexadecimal(moment.randomBytes(16))
        return "00-" + traceID + "-" + hexadecimal(moment.randomBytes(8)) + "-01"
    }

    /// The 32 hexadecimal digits of the trace; nil when the header is not valid.
    public static func traceID(in traceparent: String) -> String? {
        var text = traceparent
        return text.withUTF8 { bytes in
            guard bytes.count == length, bytes.starts(with: "00-".utf8), bytes[traceDigits.upperBound] == dash,
                bytes[spanDigits.upperBound] == dash, isID(bytes[traceDigits]), isID(bytes[spanDigits]),
                bytes[(spanDigits.upperBound + 1)...].allSatisfy(isLowerCaseHexadecimal)
            else { return nil }
            return String(decoding: bytes[traceDigits], as: UTF8.self)
        }
    }

    private static let dash = UInt8(ascii: "-")

    /// Digits that are not all zero.
    private static func isID(_ digits: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
        digits.allSatisfy(isLowerCaseHexadecimal) && digits.contains { $0 != UInt8(ascii: "0") }
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
