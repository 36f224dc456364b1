/**
 * Answers whose session a token is, as Gatehouse has it at this moment: one request to it for each
 * to us. A session that has ended, or a user who was deactivated, is refused at once.
 */
export function askGatehouse(gatehouse) {
  return async (token, request) => {
    const { active, user, roles } = await gatehouse.introspect({
      token,
      // Of the person, so that Gatehouse can tell whether the token is used where it was opened.
      ipAddress: request.ip,
      userAgent: request.headers['user-agent'],
    });
    return active ? { id: user.id, email: user.email, roles: roles.map(({ name }) => name) } : null;
  };
}
