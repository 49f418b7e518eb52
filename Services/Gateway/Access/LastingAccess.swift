import Contracts
import Foundation
import HTTPTypes
import Messaging

/// Keeps an eye on calls that last: a key that is revoked, or an organisation that is suspended, ends them, too.
struct LastingAccess: Sendable {
    let keys: KeyDirectory
    let moments: MomentSource
    /// How often to look. The directory answers from memory, except once a second for each key.
    var interval = Duration.milliseconds(500)

    /// Returns once the call's key no longer lets it in, or when the task is cancelled. While keys cannot be checked,
    /// nobody is believed: that is an end as well.
    func untilRefused(_ call: Call) async {
        while !Task.isCancelled {
            // Cancellation ends the loop.
            try? await Task.sleep(for: interval)
            do {
                try await keys.caller(authorization: call.headers[.authorization], at: moments.now())
                    .authorize(for: call.endpoint.access)
            } catch {
                return
            }
        }
    }
}
