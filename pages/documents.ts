/** What the pages ask of the server. A test holds them against the schema. */
export const documents = {
  confirmEmail: `mutation ConfirmEmail($token: String!) {
    confirmEmail(token: $token) { errors { code field message } }
  }`,
  confirmEmailChange: `mutation ConfirmEmailChange($token: String!) {
    confirmEmailChange(token: $token) { errors { code field message } }
  }`,
  passwordReset: `query PasswordReset($token: String!) {
    passwordReset(token: $token) { maskedEmail }
  }`,
  resetPassword: `mutation ResetPassword($token: String!, $password: String!) {
    resetPassword(token: $token, password: $password) { errors { code field message } }
  }`,
  requestEmailConfirmation: `mutation RequestEmailConfirmation($email: String!) {
    requestEmailConfirmation(email: $email) { errors { code field message } }
  }`,
  requestPasswordReset: `mutation RequestPasswordReset($email: String!) {
    requestPasswordReset(email: $email) { errors { code field message } }
  }`,
} as const;
