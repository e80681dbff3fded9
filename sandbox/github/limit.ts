/** GitHub's answer to who asks too fast; its address is what the provider knows it by. */
export const secondaryLimit = (seconds: number) => ({
  status: 403,
  headers: { "retry-after": String(seconds) },
  body: {
    message: "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.",
    documentation_url: "https://docs.github.com/rest/overview/rate-limits-for-the-rest-api#about-secondary-rate-limits",
    status: "403",
  },
});
