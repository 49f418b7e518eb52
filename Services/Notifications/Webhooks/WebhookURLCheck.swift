import Contracts
import Curl

/// Tells an organiser at once that an endpoint's URL cannot work: by its text, and by where it leads as far as that can
/// be said without looking up names. Every attempt is judged again when its socket is opened.
struct WebhookURLCheck: Sendable {
    let rule: WebhookURLRule
    let carrier: any WebhookCarrier
    /// Which ports the carrier's policy allows, in words.
    let ports: String

    /// - Throws: a `validation-failed` ``Problem`` that names `url`.
    func require(_ url: String) throws(Problem) {
        if let problem = rule.problem(with: url) { throw .validation("url", problem) }
        do {
            try carrier.check(url: url)
        } catch .addressDenied {
            throw .validation("url", "must lead to a public address, and to port \(ports)")
        } catch {
            throw .validation("url", "must be a URL that can be reached")
        }
    }
}
