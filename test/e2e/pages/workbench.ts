// The frame and the request screen as a person meets them: by roles and names in the language that is on. Waits end on what the window
// says of itself (ready, busy), never on a clock.

import { expect, type Locator, type Page } from '@playwright/test'
import { createTranslator, type Translator } from '../../../shared/i18n/translate.ts'
import type { Language } from '../../../shared/i18n/catalogue.ts'

export class Workbench {
  readonly page: Page
  readonly words: Translator

  constructor(page: Page, language: Language = 'en') {
    this.page = page
    this.words = createTranslator(language)
  }

  /** Stores are loaded: workspace, drafts, history. */
  async ready(): Promise<void> {
    await expect(this.page.locator('html[data-ready="true"]')).toBeAttached()
  }

  button(name: string | RegExp): Locator {
    return this.page.getByRole('button', { name, exact: typeof name === 'string' })
  }

  get services(): Locator {
    return this.page.getByRole('treegrid', { name: this.words.t('app.explorer.services') })
  }
  get history(): Locator {
    return this.page.getByRole('treegrid', { name: this.words.t('app.explorer.history') })
  }
  get saved(): Locator {
    return this.page.getByRole('treegrid', { name: this.words.t('app.explorer.saved') })
  }
  get request(): Locator {
    return this.page.getByRole('region', { name: this.words.t('app.request'), exact: true })
  }
  get reply(): Locator {
    return this.page.getByRole('region', { name: this.words.t('app.reply'), exact: true })
  }
  get panel(): Locator {
    return this.page.getByRole('region', { name: this.words.t('app.panel.chainAndTrace') })
  }
  get tabs(): Locator {
    return this.page.getByRole('tablist', { name: this.words.t('app.tabs') })
  }
  get status(): Locator {
    return this.page.getByRole('contentinfo')
  }
  get body(): Locator {
    return this.request.getByRole('textbox', { name: this.words.t('app.request.body') })
  }

  async openDemo(): Promise<void> {
    await this.button(this.words.t('app.command.openDemo')).click()
    await expect(this.services.getByRole('row').filter({ hasText: 'demo.user' })).toBeVisible({ timeout: 30_000 })
    await expect(this.saved).toBeVisible()
  }

  /** By the palette, as Ctrl-P does. */
  async openMethod(method: string): Promise<void> {
    await this.page.keyboard.press('Control+p')
    const field = this.page.locator('input[role="combobox"]')
    await field.fill(method)
    await expect(this.page.getByRole('dialog').getByRole('option').first()).toContainText(method.split('/').at(-1) ?? method)
    await field.press('Enter')
    await expect(this.tabs.getByRole('tab', { name: method.split('/').at(-1) ?? method }).first()).toBeVisible()
    await this.editorReady()
  }

  async openSaved(name: string): Promise<void> {
    await this.saved.focus()
    const row = this.saved.getByRole('row').filter({ hasText: new RegExp(`^ƒ${name}$`) })
    for (let step = 0; step < 40 && !(await row.isVisible()); step++) await this.page.keyboard.press('j')
    await row.click()
    await expect(this.tabs.getByRole('tab', { name })).toHaveAttribute('aria-selected', 'true')
    await this.editorReady()
  }

  /** Monaco has come and holds a body. */
  async editorReady(): Promise<void> {
    await expect(this.request.locator('[data-editor="body"] .view-lines')).toContainText(/\S/)
  }

  /** Replaces the whole body, as typing would. */
  async typeBody(text: string): Promise<void> {
    await this.request.locator('[data-editor="body"] .view-lines').click()
    await this.page.keyboard.press('Control+a')
    await this.page.keyboard.press('Delete')
    await this.page.keyboard.insertText(text)
  }

  /** Sends with the keyboard and waits until the reply is there, whatever it is. */
  async send(): Promise<void> {
    const before = await this.reply.getAttribute('data-run')
    await this.page.keyboard.press('Control+Enter')
    await expect.poll(async () => (await this.reply.getAttribute('data-run')) !== before).toBe(true)
    await expect(this.reply).toHaveAttribute('aria-busy', 'false')
  }

  async useEndpoint(address: string): Promise<void> {
    const field = this.page.getByRole('textbox', { name: this.words.t('app.target.endpoint') })
    if (!(await field.isVisible())) {
      await this.page.getByRole('toolbar', { name: this.words.t('app.target') }).getByRole('button', { name: new RegExp(`^${this.words.t('app.target.service')}`) }).click()
      await this.page.getByRole('option', { name: this.words.t('app.target.direct') }).click()
    }
    await field.fill(address)
  }

  async show(activity: 'calls' | 'services' | 'chain' | 'traces' | 'mocks' | 'settings'): Promise<void> {
    const button = this.page.getByRole('navigation').getByRole('button', { name: this.words.t(`app.activity.${activity}`), exact: true })
    if ((await button.getAttribute('aria-current')) !== 'page') await button.click()
    await expect(button).toHaveAttribute('aria-current', 'page')
  }

  async useTheme(theme: 'light' | 'dark'): Promise<void> {
    const html = this.page.locator('html')
    if ((await html.getAttribute('data-theme')) !== theme) await this.button(this.words.t('app.command.theme')).click()
    await expect(html).toHaveAttribute('data-theme', theme)
  }
}
