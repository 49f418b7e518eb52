import Contracts
import Foundation
import Synchronization

/// The `Date` header (RFC 9110, section 5.6.7), written out once a second.
final class HTTPDate: Sendable {
    private struct Written {
        var second = Int64.min
        var text = ""
    }

    private let written = Mutex(Written())

    func text(at now: Timestamp) -> String {
        let second = now.millisecondsSince1970 / 1000
        return written.withLock { written in
            if written.second != second { written = Written(second: second, text: Self.text(second)) }
            return written.text
        }
    }

    private static func text(_ second: Int64) -> String {
        var time = time_t(second)
        var parts = tm()
        gmtime_r(&time, &parts)
        let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        func two(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return "\(days[Int(parts.tm_wday)]), \(two(parts.tm_mday)) \(months[Int(parts.tm_mon)]) "
            + "\(Int(parts.tm_year) + 1900) \(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec)) GMT"
    }
}
