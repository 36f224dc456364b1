import type { Operation } from './operation.ts';
import type * as Types from './types.ts';

/** Makes an account. The very first one becomes the Owner. `@public` `@rateLimit(name: REGISTER_NETWORK)` `@rateLimit(name: REGISTER_EMAIL)` */
export const register = 'mutation Register($input:RegisterInput!){register(input:$input){user{id email username roleNames confirmedAt}token expiresAt errors{code field message}}}' as Operation<Types.RegisterMutation, Types.RegisterMutationVariables>;

/** What `register` would refuse, for forms. Changes nothing. `@public` `@rateLimit(name: VALIDATE_NETWORK)` */
export const validateRegistration = 'query ValidateRegistration($input:RegisterInput!){validateRegistration(input:$input){valid errors{code field message}}}' as Operation<Types.ValidateRegistrationQuery, Types.ValidateRegistrationQueryVariables>;

/** The signed-in user; null when signed out. `@public` */
export const me = 'query Me{me{id email username firstName lastName displayName roleNames confirmedAt timezone preferredLocale customFields createdAt}}' as Operation<Types.MeQuery, Types.MeQueryVariables>;

/** Makes an account for somebody else, also where registration is closed. `@auth(requires: ADMIN, scope: USERS_WRITE)` */
export const createUser = 'mutation CreateUser($input:CreateUserInput!$ipAddress:String){createUser(input:$input ipAddress:$ipAddress){user{id email username roleNames confirmedAt}errors{code field message}}}' as Operation<Types.CreateUserMutation, Types.CreateUserMutationVariables>;

/** Changes another user's profile. `@auth(requires: ADMIN, scope: USERS_WRITE)` */
export const updateUserProfile = 'mutation UpdateUserProfile($userId:ID!$input:ProfileInput!){updateUserProfile(userId:$userId input:$input){user{id username firstName lastName displayName timezone}errors{code field message}}}' as Operation<Types.UpdateUserProfileMutation, Types.UpdateUserProfileMutationVariables>;

/** Activates or deactivates a user. Who is deactivated is signed out everywhere at once. `@auth(requires: ADMIN, scope: USERS_WRITE)` */
export const updateUserStatus = 'mutation UpdateUserStatus($userId:ID!$isActive:Boolean!){updateUserStatus(userId:$userId isActive:$isActive){user{id isActive}errors{code field message}}}' as Operation<Types.UpdateUserStatusMutation, Types.UpdateUserStatusMutationVariables>;

/** Confirms a user's address without a mail. `@auth(requires: ADMIN)` */
export const adminConfirmUser = 'mutation AdminConfirmUser($userId:ID!){adminConfirmUser(userId:$userId){user{id confirmedAt}errors{code field message}}}' as Operation<Types.AdminConfirmUserMutation, Types.AdminConfirmUserMutationVariables>;

/** Takes the confirmation of an address away. Sessions go on. `@auth(requires: ADMIN)` */
export const adminUnconfirmUser = 'mutation AdminUnconfirmUser($userId:ID!){adminUnconfirmUser(userId:$userId){user{id confirmedAt}errors{code field message}}}' as Operation<Types.AdminUnconfirmUserMutation, Types.AdminUnconfirmUserMutationVariables>;

/** Confirms an address that is not confirmed, and the other way round. `@auth(requires: ADMIN)` */
export const toggleUserConfirmation = 'mutation ToggleUserConfirmation($userId:ID!){toggleUserConfirmation(userId:$userId){user{id confirmedAt}errors{code field message}}}' as Operation<Types.ToggleUserConfirmationMutation, Types.ToggleUserConfirmationMutationVariables>;

/** Gives another user a new password. All their sessions and mailed links end, and they are told by mail. `@auth(requires: ADMIN)` */
export const adminSetPassword = 'mutation AdminSetPassword($userId:ID!$password:String!$passwordConfirmation:String){adminSetPassword(userId:$userId password:$password passwordConfirmation:$passwordConfirmation){user{id}errors{code field message}}}' as Operation<Types.AdminSetPasswordMutation, Types.AdminSetPasswordMutationVariables>;

/** Ends all sessions of a user. `@auth(requires: ADMIN, scope: SESSIONS_WRITE)` */
export const revokeUserSessions = 'mutation RevokeUserSessions($userId:ID!){revokeUserSessions(userId:$userId){count errors{code field message}}}' as Operation<Types.RevokeUserSessionsMutation, Types.RevokeUserSessionsMutationVariables>;

/** Deletes a user for good, with all that tells of the person. The audit log keeps what happened, without that. `@auth(requires: ADMIN, scope: USERS_WRITE)` */
export const deleteUser = 'mutation DeleteUser($userId:ID!){deleteUser(userId:$userId){errors{code field message}}}' as Operation<Types.DeleteUserMutation, Types.DeleteUserMutationVariables>;

/** A user by id; null when absent. Users may ask for themselves, Admins for anyone. `@auth(requires: USER, scope: USERS_READ)` */
export const userSessions = 'query UserSessions($id:ID!){user(id:$id){id sessions{id browser os ipAddress createdAt lastSeenAt expiresAt isCurrent}}}' as Operation<Types.UserSessionsQuery, Types.UserSessionsQueryVariables>;

/** The tokens mailed to a user that are still good, newest first. `@auth(requires: ADMIN)` */
export const userTokens = 'query UserTokens($userId:ID!){userTokens(userId:$userId){id context sentTo createdAt expiresAt}}' as Operation<Types.UserTokensQuery, Types.UserTokensQueryVariables>;

/** Makes a mailed token worthless. `@auth(requires: ADMIN)` */
export const revokeToken = 'mutation RevokeToken($id:ID!){revokeToken(id:$id){errors{code field message}}}' as Operation<Types.RevokeTokenMutation, Types.RevokeTokenMutationVariables>;

/** Users, page by page, newest first unless sorted. `@auth(requires: ADMIN, scope: USERS_READ)` */
export const users = 'query Users($page:Int$pageSize:Int$role:String$search:String$sort:UserSort){users(page:$page pageSize:$pageSize role:$role search:$search sort:$sort){nodes{id email displayName roleNames isActive confirmedAt createdAt}totalCount totalPages page pageSize}}' as Operation<Types.UsersQuery, Types.UsersQueryVariables>;

/** A user by id; null when absent. Users may ask for themselves, Admins for anyone. `@auth(requires: USER, scope: USERS_READ)` */
export const user = 'query User($id:ID!){user(id:$id){id email username displayName roles{id name}lastSignInAt registration{ipAddress countryCode country region city}}}' as Operation<Types.UserQuery, Types.UserQueryVariables>;

/** All roles: those of Gatehouse first, then by name. `@auth(requires: USER, scope: USERS_READ)` */
export const roles = 'query Roles{roles{id name description isSystem}}' as Operation<Types.RolesQuery, Types.RolesQueryVariables>;

/** Gives a role. Repeating it changes nothing. Only an Owner may give Admin. `@auth(requires: ADMIN, scope: ROLES_WRITE)` */
export const assignRole = 'mutation AssignRole($userId:ID!$role:String!){assignRole(userId:$userId role:$role){roleAssignment{role{name}assignedAt}errors{code field message}}}' as Operation<Types.AssignRoleMutation, Types.AssignRoleMutationVariables>;

/** Takes a role away. `@auth(requires: ADMIN, scope: ROLES_WRITE)` */
export const removeRole = 'mutation RemoveRole($userId:ID!$role:String!){removeRole(userId:$userId role:$role){user{id roleNames}errors{code field message}}}' as Operation<Types.RemoveRoleMutation, Types.RemoveRoleMutationVariables>;

/** Gives Admin. `@auth(requires: OWNER, scope: ROLES_WRITE)` */
export const promoteToAdmin = 'mutation PromoteToAdmin($userId:ID!){promoteToAdmin(userId:$userId){roleAssignment{assignedAt}errors{code field message}}}' as Operation<Types.PromoteToAdminMutation, Types.PromoteToAdminMutationVariables>;

/** Takes Owner and Admin away and leaves at least User. `@auth(requires: OWNER, scope: ROLES_WRITE)` */
export const demoteToUser = 'mutation DemoteToUser($userId:ID!){demoteToUser(userId:$userId){user{id roleNames}errors{code field message}}}' as Operation<Types.DemoteToUserMutation, Types.DemoteToUserMutationVariables>;

/** Makes another user an Owner, and the caller an ordinary user unless `keepOwn`. `@auth(requires: OWNER)` `@rateLimit(name: PASSWORD_USER)` */
export const transferOwnership = 'mutation TransferOwnership($userId:ID!$currentPassword:String!$keepOwn:Boolean){transferOwnership(userId:$userId currentPassword:$currentPassword keepOwn:$keepOwn){user{id roleNames}errors{code field message}}}' as Operation<Types.TransferOwnershipMutation, Types.TransferOwnershipMutationVariables>;

/** All API keys, those that have ended among them; newest first, a thousand at most. `@auth(requires: OWNER)` */
export const apiKeys = 'query ApiKeys{apiKeys{id name prefix scopes addresses createdBy{id displayName}createdAt expiresAt lastUsedAt revokedAt}}' as Operation<Types.ApiKeysQuery, Types.ApiKeysQueryVariables>;

/** Makes an API key and tells its secret, once. `@auth(requires: OWNER)` */
export const createApiKey = 'mutation CreateApiKey($name:String!$scopes:[Scope!]!$expiresAt:DateTime$addresses:[String!]){createApiKey(name:$name scopes:$scopes expiresAt:$expiresAt addresses:$addresses){apiKey{id name prefix scopes addresses expiresAt}secret errors{code field message}}}' as Operation<Types.CreateApiKeyMutation, Types.CreateApiKeyMutationVariables>;

/** Gives an API key a new secret and tells it, once. The one before goes on for a while. `@auth(requires: OWNER)` */
export const rotateApiKey = 'mutation RotateApiKey($id:ID!$graceSeconds:Int){rotateApiKey(id:$id graceSeconds:$graceSeconds){apiKey{id prefix}secret errors{code field message}}}' as Operation<Types.RotateApiKeyMutation, Types.RotateApiKeyMutationVariables>;

/** Ends an API key and every secret it has, with the next request. `@auth(requires: OWNER)` */
export const revokeApiKey = 'mutation RevokeApiKey($id:ID!){revokeApiKey(id:$id){apiKey{id revokedAt}errors{code field message}}}' as Operation<Types.RevokeApiKeyMutation, Types.RevokeApiKeyMutationVariables>;

/** What was done, newest first. `@auth(requires: ADMIN, scope: AUDIT_READ)` */
export const auditEvents = 'query AuditEvents($first:Int$after:String$action:String$actorId:ID$subjectId:ID$from:DateTime$to:DateTime){auditEvents(first:$first after:$after action:$action actorId:$actorId subjectId:$subjectId from:$from to:$to){edges{cursor node{id action actor{type id label}subject{id displayName}ipAddress userAgent metadata createdAt}}pageInfo{hasNextPage endCursor}}}' as Operation<Types.AuditEventsQuery, Types.AuditEventsQueryVariables>;

/** The signed-in user; null when signed out. `@public` */
export const myAvatar = 'query MyAvatar{me{id avatar{...AvatarParts}}}fragment AvatarParts on Image{id status url square:url(variant:MEDIUM)variants{variant url width height}}' as Operation<Types.MyAvatarQuery, Types.MyAvatarQueryVariables>;

/** Puts a picture in the place of the caller's. `@auth(requires: USER)` `@rateLimit(name: AVATAR_USER)` */
export const updateAvatar = 'mutation UpdateAvatar($file:Upload!){updateAvatar(file:$file){user{id avatar{...AvatarParts}}errors{code field message}}}fragment AvatarParts on Image{id status url square:url(variant:MEDIUM)variants{variant url width height}}' as Operation<Types.UpdateAvatarMutation, Types.UpdateAvatarMutationVariables>;

/** Takes the caller's picture away, if any. `@auth(requires: USER)` */
export const removeAvatar = 'mutation RemoveAvatar{removeAvatar{user{id avatar{id}}errors{code field message}}}' as Operation<Types.RemoveAvatarMutation, Types.RemoveAvatarMutationVariables>;

/** Puts a picture in the place of a user's. `@auth(requires: ADMIN, scope: USERS_WRITE)` */
export const updateUserAvatar = 'mutation UpdateUserAvatar($userId:ID!$file:Upload!){updateUserAvatar(userId:$userId file:$file){user{id avatar{...AvatarParts}}errors{code field message}}}fragment AvatarParts on Image{id status url square:url(variant:MEDIUM)variants{variant url width height}}' as Operation<Types.UpdateUserAvatarMutation, Types.UpdateUserAvatarMutationVariables>;

/** Takes a user's picture away, if any. `@auth(requires: ADMIN, scope: USERS_WRITE)` */
export const removeUserAvatar = 'mutation RemoveUserAvatar($userId:ID!){removeUserAvatar(userId:$userId){user{id avatar{id}}errors{code field message}}}' as Operation<Types.RemoveUserAvatarMutation, Types.RemoveUserAvatarMutationVariables>;

/** The custom fields in the order of forms; to users who do not administrate, the enabled ones. `@auth(requires: USER, scope: USERS_READ)` */
export const customFieldDefinitions = 'query CustomFieldDefinitions{customFieldDefinitions{key label type required position enabled userEditable options validation{min max pattern}defaultValue}}' as Operation<Types.CustomFieldDefinitionsQuery, Types.CustomFieldDefinitionsQueryVariables>;

/** Defines a custom field. What users have under its key already stays as it is. `@auth(requires: ADMIN)` */
export const defineCustomField = 'mutation DefineCustomField($input:DefineCustomFieldInput!){defineCustomField(input:$input){customFieldDefinition{key label type position}errors{code field message}}}' as Operation<Types.DefineCustomFieldMutation, Types.DefineCustomFieldMutationVariables>;

/** Changes a custom field. It decides about later writes; no value is changed. `@auth(requires: ADMIN)` */
export const updateCustomFieldDefinition = 'mutation UpdateCustomFieldDefinition($key:String!$input:UpdateCustomFieldInput!){updateCustomFieldDefinition(key:$key input:$input){customFieldDefinition{key label type required enabled userEditable}errors{code field message}}}' as Operation<Types.UpdateCustomFieldDefinitionMutation, Types.UpdateCustomFieldDefinitionMutationVariables>;

/** Removes the definition of a custom field. What users have under its key stays. `@auth(requires: ADMIN)` */
export const removeCustomFieldDefinition = 'mutation RemoveCustomFieldDefinition($key:String!){removeCustomFieldDefinition(key:$key){errors{code field message}}}' as Operation<Types.RemoveCustomFieldDefinitionMutation, Types.RemoveCustomFieldDefinitionMutationVariables>;

/** Puts custom fields first in forms, in the order given; the others follow. `@auth(requires: ADMIN)` */
export const reorderCustomFields = 'mutation ReorderCustomFields($keys:[String!]!){reorderCustomFields(keys:$keys){customFieldDefinitions{key position}errors{code field message}}}' as Operation<Types.ReorderCustomFieldsMutation, Types.ReorderCustomFieldsMutationVariables>;

/** A user by id; null when absent. Users may ask for themselves, Admins for anyone. `@auth(requires: USER, scope: USERS_READ)` */
export const userFields = 'query UserFields($id:ID!$name:String!){user(id:$id){id customFields field(name:$name)}}' as Operation<Types.UserFieldsQuery, Types.UserFieldsQueryVariables>;

/** Changes profile and custom fields of a user by name, all or nothing. What is not named stays as it is; null clears. A new `email` has to be confirmed. `@auth(requires: ADMIN, scope: USERS_WRITE)` */
export const updateUserFields = 'mutation UpdateUserFields($userId:ID!$fields:JSONObject!){updateUserFields(userId:$userId fields:$fields){user{id displayName customFields}errors{code field message}}}' as Operation<Types.UpdateUserFieldsMutation, Types.UpdateUserFieldsMutationVariables>;

/** Changes the same fields of up to 1,000 users, each independent of the others. `@auth(requires: ADMIN, scope: USERS_WRITE)` */
export const bulkUpdateUserFields = 'mutation BulkUpdateUserFields($userIds:[ID!]!$fields:JSONObject!$dryRun:Boolean){bulkUpdateUserFields(userIds:$userIds fields:$fields dryRun:$dryRun){results{userId errors{code field message}}updatedCount failedCount errors{code field message}}}' as Operation<Types.BulkUpdateUserFieldsMutation, Types.BulkUpdateUserFieldsMutationVariables>;

/** Sets one custom field of a user, and leaves the others as they are. `@auth(requires: ADMIN, scope: USERS_WRITE)` */
export const setUserCustomField = 'mutation SetUserCustomField($userId:ID!$key:String!$value:JSON){setUserCustomField(userId:$userId key:$key value:$value){user{id customFields}errors{code field message}}}' as Operation<Types.SetUserCustomFieldMutation, Types.SetUserCustomFieldMutationVariables>;

/** Sets one of the own custom fields, of those that users may write. `@auth(requires: USER)` */
export const setMyCustomField = 'mutation SetMyCustomField($key:String!$value:JSON){setMyCustomField(key:$key value:$value){user{id customFields}errors{code field message}}}' as Operation<Types.SetMyCustomFieldMutation, Types.SetMyCustomFieldMutationVariables>;

/** Removes one custom field of a user. `@auth(requires: ADMIN, scope: USERS_WRITE)` */
export const deleteUserCustomField = 'mutation DeleteUserCustomField($userId:ID!$key:String!){deleteUserCustomField(userId:$userId key:$key){user{id customFields}errors{code field message}}}' as Operation<Types.DeleteUserCustomFieldMutation, Types.DeleteUserCustomFieldMutationVariables>;

/** Gives a user these custom fields and no others; `{}` removes all. `@auth(requires: ADMIN, scope: USERS_WRITE)` */
export const updateUserCustomFields = 'mutation UpdateUserCustomFields($userId:ID!$customFields:JSONObject!){updateUserCustomFields(userId:$userId customFields:$customFields){user{id customFields}errors{code field message}}}' as Operation<Types.UpdateUserCustomFieldsMutation, Types.UpdateUserCustomFieldsMutationVariables>;

/** Users from anywhere in the list, forward and backward, however long it is. `@auth(requires: ADMIN, scope: USERS_READ)` */
export const usersConnection = 'query UsersConnection($first:Int$after:String$last:Int$before:String$role:String$search:String$isActive:Boolean$confirmed:Boolean$customFields:JSONObject$sort:UserSort){usersConnection(first:$first after:$after last:$last before:$before role:$role search:$search isActive:$isActive confirmed:$confirmed customFields:$customFields sort:$sort){edges{cursor node{id email displayName roleNames isActive confirmedAt createdAt}}pageInfo{hasNextPage hasPreviousPage startCursor endCursor}}}' as Operation<Types.UsersConnectionQuery, Types.UsersConnectionQueryVariables>;

/** Who holds a role, newest users first. `@auth(requires: ADMIN, scope: USERS_READ)` */
export const usersWithRole = 'query UsersWithRole($role:String!$page:Int$pageSize:Int){usersWithRole(role:$role page:$page pageSize:$pageSize){nodes{id email displayName}totalCount totalPages page pageSize}}' as Operation<Types.UsersWithRoleQuery, Types.UsersWithRoleQueryVariables>;

/** At most ten users to choose from by a part of an address, username or name, of at least two characters: whole matches first, then beginnings. `@auth(requires: ADMIN, scope: USERS_READ)` */
export const searchUsers = 'query SearchUsers($term:String!){searchUsers(term:$term){id email username firstName lastName}}' as Operation<Types.SearchUsersQuery, Types.SearchUsersQueryVariables>;

/** One user to show as chosen. `@auth(requires: ADMIN, scope: USERS_READ)` */
export const userOption = 'query UserOption($id:ID!){userOption(id:$id){id email username firstName lastName}}' as Operation<Types.UserOptionQuery, Types.UserOptionQueryVariables>;

/** A user by address; null when absent. `@auth(requires: ADMIN, scope: USERS_READ)` */
export const userByEmail = 'query UserByEmail($email:String!){userByEmail(email:$email){id email displayName roleNames isActive confirmedAt}}' as Operation<Types.UserByEmailQuery, Types.UserByEmailQueryVariables>;

/** The first Owner; without one the first Admin; null without one. `@auth(requires: ADMIN, scope: USERS_READ)` */
export const firstAdmin = 'query FirstAdmin{firstAdmin{id email}}' as Operation<Types.FirstAdminQuery, Types.FirstAdminQueryVariables>;

/** The user with the lowest id. `@auth(requires: ADMIN, scope: USERS_READ)` */
export const firstUser = 'query FirstUser{firstUser{id email}}' as Operation<Types.FirstUserQuery, Types.FirstUserQueryVariables>;

/** How many users there are, of each kind and role. `@auth(requires: ADMIN, scope: USERS_READ)` */
export const roleStats = 'query RoleStats{roleStats{totalUsers ownerCount adminCount userCount activeCount inactiveCount confirmedCount pendingCount byRole{role{name}count}}}' as Operation<Types.RoleStatsQuery, Types.RoleStatsQueryVariables>;

/** All roles: those of Gatehouse first, then by name. `@auth(requires: USER, scope: USERS_READ)` */
export const roleHolders = 'query RoleHolders($page:Int$pageSize:Int){roles{name userCount users(page:$page pageSize:$pageSize){nodes{id email}}}}' as Operation<Types.RoleHoldersQuery, Types.RoleHoldersQueryVariables>;

/** Mails a new link that confirms an address, if it has an account that needs one. The answer does not tell. `@public` `@rateLimit(name: MAIL_NETWORK)` `@rateLimit(name: MAIL_EMAIL)` */
export const requestEmailConfirmation = 'mutation RequestEmailConfirmation($email:String!){requestEmailConfirmation(email:$email){errors{code field message}}}' as Operation<Types.RequestEmailConfirmationMutation, Types.RequestEmailConfirmationMutationVariables>;

/** Confirms an address by the token mailed to it. `@public` `@rateLimit(name: TOKEN_NETWORK)` */
export const confirmEmail = 'mutation ConfirmEmail($token:String!){confirmEmail(token:$token){user{id email confirmedAt}errors{code field message}}}' as Operation<Types.ConfirmEmailMutation, Types.ConfirmEmailMutationVariables>;

/** Whether the caller could change to this address, for forms. Changes nothing. `@auth(requires: USER, unconfirmed: true)` `@rateLimit(name: VALIDATE_NETWORK)` */
export const validateEmail = 'query ValidateEmail($email:String!){validateEmail(email:$email){valid errors{code field message}}}' as Operation<Types.ValidateEmailQuery, Types.ValidateEmailQueryVariables>;

/** What `requestEmailChange` would refuse, the password included. Changes nothing. `@auth(requires: USER, unconfirmed: true)` `@rateLimit(name: PASSWORD_USER)` */
export const validateEmailChange = 'query ValidateEmailChange($currentPassword:String!$email:String!){validateEmailChange(currentPassword:$currentPassword email:$email){valid errors{code field message}}}' as Operation<Types.ValidateEmailChangeQuery, Types.ValidateEmailChangeQueryVariables>;

/** Mails a link to a new address of the caller; following it makes the change. `@auth(requires: USER, unconfirmed: true)` `@rateLimit(name: MAIL_NETWORK)` `@rateLimit(name: MAIL_EMAIL)` `@rateLimit(name: PASSWORD_USER)` */
export const requestEmailChange = 'mutation RequestEmailChange($currentPassword:String!$email:String!){requestEmailChange(currentPassword:$currentPassword email:$email){errors{code field message}}}' as Operation<Types.RequestEmailChangeMutation, Types.RequestEmailChangeMutationVariables>;

/** Changes an address by the token mailed to the new one, and tells the old one. `@public` `@rateLimit(name: TOKEN_NETWORK)` */
export const confirmEmailChange = 'mutation ConfirmEmailChange($token:String!){confirmEmailChange(token:$token){user{id email confirmedAt}errors{code field message}}}' as Operation<Types.ConfirmEmailChangeMutation, Types.ConfirmEmailChangeMutationVariables>;

/** Mails sent, failed and to be sent, newest first. `@auth(requires: ADMIN)` */
export const mails = 'query Mails($state:MailState$page:Int$pageSize:Int){mails(state:$state page:$page pageSize:$pageSize){nodes{id kind recipient state attempts lastError createdAt finishedAt user{id displayName}}totalCount totalPages page pageSize}}' as Operation<Types.MailsQuery, Types.MailsQueryVariables>;

/** Has a failed mail sent once more. `@auth(requires: ADMIN)` */
export const retryMail = 'mutation RetryMail($id:ID!){retryMail(id:$id){mail{id state}errors{code field message}}}' as Operation<Types.RetryMailMutation, Types.RetryMailMutationVariables>;

/** Mails a link for a new password, if the address has an active account. The answer does not tell whether it has. `@public` `@rateLimit(name: MAIL_NETWORK)` `@rateLimit(name: MAIL_EMAIL)` */
export const requestPasswordReset = 'mutation RequestPasswordReset($email:String!){requestPasswordReset(email:$email){errors{code field message}}}' as Operation<Types.RequestPasswordResetMutation, Types.RequestPasswordResetMutationVariables>;

/** Whether a link for a new password is good, without using it up. Null for one that is wrong, used or expired. `@public` `@rateLimit(name: TOKEN_NETWORK)` */
export const passwordReset = 'query PasswordReset($token:String!){passwordReset(token:$token){maskedEmail expiresAt}}' as Operation<Types.PasswordResetQuery, Types.PasswordResetQueryVariables>;

/** Sets a new password by the token from the mail, which also confirms the address. Every session of the user ends. `@public` `@rateLimit(name: TOKEN_NETWORK)` */
export const resetPassword = 'mutation ResetPassword($token:String!$password:String!$passwordConfirmation:String){resetPassword(token:$token password:$password passwordConfirmation:$passwordConfirmation){user{id email confirmedAt}errors{code field message}}}' as Operation<Types.ResetPasswordMutation, Types.ResetPasswordMutationVariables>;

/** Changes the own password. The caller gets a fresh session, the way they came: in the payload or in the cookie. All other sessions end. `@auth(requires: USER)` `@rateLimit(name: PASSWORD_USER)` */
export const changePassword = 'mutation ChangePassword($input:ChangePasswordInput!){changePassword(input:$input){user{id}token expiresAt errors{code field message}}}' as Operation<Types.ChangePasswordMutation, Types.ChangePasswordMutationVariables>;

/** What `changePassword` would refuse, for forms. Changes nothing. `@auth(requires: USER)` `@rateLimit(name: PASSWORD_USER)` */
export const validatePassword = 'query ValidatePassword($input:ChangePasswordInput!){validatePassword(input:$input){valid errors{code field message}}}' as Operation<Types.ValidatePasswordQuery, Types.ValidatePasswordQueryVariables>;

/** Changes the own profile. `@auth(requires: USER)` */
export const updateProfile = 'mutation UpdateProfile($input:ProfileInput!){updateProfile(input:$input){user{id username firstName lastName displayName timezone}errors{code field message}}}' as Operation<Types.UpdateProfileMutation, Types.UpdateProfileMutationVariables>;

/** What `updateProfile` would refuse, for forms. Changes nothing. `@auth(requires: USER)` */
export const validateProfile = 'query ValidateProfile($input:ProfileInput!){validateProfile(input:$input){valid errors{code field message}}}' as Operation<Types.ValidateProfileQuery, Types.ValidateProfileQueryVariables>;

/** Sets the language in which the caller is written to. `@auth(requires: USER)` */
export const updateLocalePreference = 'mutation UpdateLocalePreference($locale:String){updateLocalePreference(locale:$locale){user{id preferredLocale}errors{code field message}}}' as Operation<Types.UpdateLocalePreferenceMutation, Types.UpdateLocalePreferenceMutationVariables>;

/** Makes a role, which nobody holds yet. `@auth(requires: ADMIN, scope: ROLES_WRITE)` */
export const createRole = 'mutation CreateRole($name:String!$description:String){createRole(name:$name description:$description){role{id name description}errors{code field message}}}' as Operation<Types.CreateRoleMutation, Types.CreateRoleMutationVariables>;

/** Changes a role. Whoever holds it holds it under its new name. `@auth(requires: ADMIN, scope: ROLES_WRITE)` */
export const updateRole = 'mutation UpdateRole($id:ID!$name:String$description:String){updateRole(id:$id name:$name description:$description){role{id name description}errors{code field message}}}' as Operation<Types.UpdateRoleMutation, Types.UpdateRoleMutationVariables>;

/** Deletes a role that nobody holds. `@auth(requires: ADMIN, scope: ROLES_WRITE)` */
export const deleteRole = 'mutation DeleteRole($id:ID!){deleteRole(id:$id){role{id}errors{code field message}}}' as Operation<Types.DeleteRoleMutation, Types.DeleteRoleMutationVariables>;

/** Gives every user without any role the default role, as after an import. `@auth(requires: OWNER, scope: ROLES_WRITE)` */
export const assignRolesToExistingUsers = 'mutation AssignRolesToExistingUsers($makeFirstOwner:Boolean){assignRolesToExistingUsers(makeFirstOwner:$makeFirstOwner){assignedOwner assignedUsers totalProcessed errors{code field message}}}' as Operation<Types.AssignRolesToExistingUsersMutation, Types.AssignRolesToExistingUsersMutationVariables>;

/** For servers: whose credentials these are. Opens no session. `@auth(requires: KEY, scope: CREDENTIALS_VERIFY)` `@rateLimit(name: LOGIN_NETWORK)` `@rateLimit(name: LOGIN)` `@rateLimit(name: LOGIN_ACCOUNT)` */
export const verifyCredentials = 'mutation VerifyCredentials($email:String!$password:String!$ipAddress:String){verifyCredentials(email:$email password:$password ipAddress:$ipAddress){user{id email displayName roleNames}errors{code field message}}}' as Operation<Types.VerifyCredentialsMutation, Types.VerifyCredentialsMutationVariables>;

/** For servers: opens a session for a user whom the server has let in by itself. `@auth(requires: KEY, scope: SESSIONS_WRITE)` */
export const createSession = 'mutation CreateSession($userId:ID!$ipAddress:String$userAgent:String){createSession(userId:$userId ipAddress:$ipAddress userAgent:$userAgent){user{id email displayName roleNames}token expiresAt errors{code field message}}}' as Operation<Types.CreateSessionMutation, Types.CreateSessionMutationVariables>;

/** For servers: what a session token is good for. Does not count as its use. `@auth(requires: KEY, scope: TOKENS_READ)` */
export const introspect = 'query Introspect($token:String!$ipAddress:String$userAgent:String){introspect(token:$token ipAddress:$ipAddress userAgent:$userAgent){active expiresAt user{id email displayName confirmedAt}roles{name}session{id createdAt}fingerprint{status reason}}}' as Operation<Types.IntrospectQuery, Types.IntrospectQueryVariables>;

/** For servers: whether a session is used on the device it was opened on. `@auth(requires: KEY, scope: TOKENS_READ)` */
export const verifySessionFingerprint = 'query VerifySessionFingerprint($token:String!$ipAddress:String$userAgent:String){verifySessionFingerprint(token:$token ipAddress:$ipAddress userAgent:$userAgent){status reason}}' as Operation<Types.VerifySessionFingerprintQuery, Types.VerifySessionFingerprintQueryVariables>;

/** Makes a token that other servers can verify by themselves, for ten minutes unless the operator chose otherwise. Here it is good only while the session behind it lives. `@auth(requires: USER, scope: SESSIONS_WRITE)` */
export const createAccessToken = 'mutation CreateAccessToken($userId:ID){createAccessToken(userId:$userId){accessToken expiresAt errors{code field message}}}' as Operation<Types.CreateAccessTokenMutation, Types.CreateAccessTokenMutationVariables>;

/** Signs in by e-mail address or username. With `COOKIE`, the session of the cookie that this replaces ends. `@public` `@rateLimit(name: LOGIN_NETWORK)` `@rateLimit(name: LOGIN)` `@rateLimit(name: LOGIN_ACCOUNT)` */
export const login = 'mutation Login($input:LoginInput!){login(input:$input){user{id email displayName roleNames}token expiresAt errors{code field message}}}' as Operation<Types.LoginMutation, Types.LoginMutationVariables>;

/** Ends the session in use. `@auth(requires: USER, unconfirmed: true)` */
export const logout = 'mutation Logout{logout{errors{code field message}}}' as Operation<Types.LogoutMutation, Types.LogoutMutationVariables>;

/** Ends all of the caller's sessions. `@auth(requires: USER, unconfirmed: true)` */
export const logoutEverywhere = 'mutation LogoutEverywhere($exceptCurrent:Boolean){logoutEverywhere(exceptCurrent:$exceptCurrent){count errors{code field message}}}' as Operation<Types.LogoutEverywhereMutation, Types.LogoutEverywhereMutationVariables>;

/** Ends one of the own sessions; Admins may end those of ordinary users. `@auth(requires: USER, unconfirmed: true)` */
export const revokeSession = 'mutation RevokeSession($id:ID!){revokeSession(id:$id){errors{code field message}}}' as Operation<Types.RevokeSessionMutation, Types.RevokeSessionMutationVariables>;

/** Where the caller is signed in, newest first. `@auth(requires: USER, unconfirmed: true)` */
export const mySessions = 'query MySessions{mySessions{id createdAt lastSeenAt expiresAt ipAddress browser os isCurrent}}' as Operation<Types.MySessionsQuery, Types.MySessionsQueryVariables>;

/** The session in use. `@auth(requires: USER, unconfirmed: true)` */
export const currentSession = 'query CurrentSession{currentSession{id createdAt expiresAt}}' as Operation<Types.CurrentSessionQuery, Types.CurrentSessionQueryVariables>;

/** All webhooks, newest first; there are fifty at most. `@auth(requires: OWNER)` */
export const webhooks = 'query Webhooks{webhooks{id url events enabled disabledReason overlapsUntil createdBy{id displayName}createdAt updatedAt}}' as Operation<Types.WebhooksQuery, Types.WebhooksQueryVariables>;

/** What a webhook was told and is to be told, newest first. `@auth(requires: OWNER)` */
export const webhookDeliveries = 'query WebhookDeliveries($webhookId:ID!$page:Int=1$pageSize:Int=10){webhookDeliveries(webhookId:$webhookId page:$page pageSize:$pageSize){nodes{id eventId type userId data state attempts statusCode durationMs error createdAt lastTriedAt nextTryAt finishedAt}totalCount totalPages page pageSize}}' as Operation<Types.WebhookDeliveriesQuery, Types.WebhookDeliveriesQueryVariables>;

/** Makes a webhook and tells the secret it signs with, once. `@auth(requires: OWNER)` */
export const createWebhook = 'mutation CreateWebhook($url:String!$events:[WebhookEvent!]!$secret:String){createWebhook(url:$url events:$events secret:$secret){webhook{id url events enabled}secret errors{code field message}}}' as Operation<Types.CreateWebhookMutation, Types.CreateWebhookMutationVariables>;

/** Changes a webhook. What is not given stays as it is. `@auth(requires: OWNER)` */
export const updateWebhook = 'mutation UpdateWebhook($id:ID!$url:String$events:[WebhookEvent!]$enabled:Boolean){updateWebhook(id:$id url:$url events:$events enabled:$enabled){webhook{id url events enabled}errors{code field message}}}' as Operation<Types.UpdateWebhookMutation, Types.UpdateWebhookMutationVariables>;

/** Gives a webhook a new secret and tells it, once. For a while deliveries are signed with both. `@auth(requires: OWNER)` */
export const rotateWebhookSecret = 'mutation RotateWebhookSecret($id:ID!$graceSeconds:Int$secret:String){rotateWebhookSecret(id:$id graceSeconds:$graceSeconds secret:$secret){webhook{id overlapsUntil}secret errors{code field message}}}' as Operation<Types.RotateWebhookSecretMutation, Types.RotateWebhookSecretMutationVariables>;

/** Deletes a webhook, what waits for it and its log of deliveries. `@auth(requires: OWNER)` */
export const deleteWebhook = 'mutation DeleteWebhook($id:ID!){deleteWebhook(id:$id){webhook{id}errors{code field message}}}' as Operation<Types.DeleteWebhookMutation, Types.DeleteWebhookMutationVariables>;

/** Has a webhook told of nothing, under the type `webhook.test`, to try it. `@auth(requires: OWNER)` */
export const testWebhook = 'mutation TestWebhook($id:ID!){testWebhook(id:$id){delivery{id state createdAt}errors{code field message}}}' as Operation<Types.TestWebhookMutation, Types.TestWebhookMutationVariables>;

/** Has a webhook told of something once more, or now if that waits. `@auth(requires: OWNER)` */
export const redeliverWebhook = 'mutation RedeliverWebhook($deliveryId:ID!){redeliverWebhook(deliveryId:$deliveryId){delivery{id state nextTryAt}errors{code field message}}}' as Operation<Types.RedeliverWebhookMutation, Types.RedeliverWebhookMutationVariables>;