public import Accounts
public import Workflows

/// What signing in needs, given once by the composition root.
public struct AccountDoor: Sendable {
    /// Where passwords are hashed.
    public var hasher: PasswordHasher
    /// Which passwords are taken.
    public var policy: PasswordPolicy
    /// Seals the secrets of second factors.
    public var secrets: SecretBox
    /// How many tries an address may have.
    public var limits: SignInTry.Limits

    /// Gathers it.
    public init(
        hasher: PasswordHasher, policy: PasswordPolicy, secrets: SecretBox,
        limits: SignInTry.Limits = SignInTry.Limits()
    ) {
        (self.hasher, self.policy, self.secrets, self.limits) = (hasher, policy, secrets, limits)
    }
}
