import Contracts

extension PageRequest {
    /// The limit, if it is one that a list offers.
    /// - Throws: a `validation-failed` ``Problem`` that names `limit`.
    var validLimit: Int {
        get throws {
            guard (1...PageRequest.maximumLimit).contains(limit) else {
                throw Problem.validation("limit", "must be between 1 and \(PageRequest.maximumLimit)")
            }
            return limit
        }
    }
}
